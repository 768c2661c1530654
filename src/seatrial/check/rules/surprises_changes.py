"""Will it surprise: what changes under one's feet."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.check.case import Case
from seatrial.check.reading import text
from seatrial.check.rule import Found, rule, thing_rule
from seatrial.check.thing import Thing, Things
from seatrial.model import NodePool, Process, Queue, Secret, Service, Worker

LEARN = "https://learn.microsoft.com/azure"
CLUSTERS = "Microsoft.ContainerService/managedClusters"


@thing_rule(
    "ingress-nginx-ends",
    types=(CLUSTERS,),
    severity="warning",
    family="surprises",
    title="A cluster lets requests in by NGINX, whose support ends in November 2026",
    why="The project has ended; from December 2026 on nobody mends its security holes on Azure either.",
    source=f"{LEARN}/aks/app-routing-gateway-api",
    bad="""{"type": "Microsoft.ContainerService/managedClusters", "name": "shop", "properties":
 {"ingressProfile": {"webAppRouting": {"enabled": true}}}}""",
    good="""{"type": "Microsoft.ContainerService/managedClusters", "name": "shop", "properties":
 {"ingressProfile": {"webAppRouting": {"enabled": true,
  "nginx": {"defaultIngressControllerType": "None"}}}}}""",
)
def ingress_nginx_ends(thing: Thing, things: Things) -> Iterator[Found]:
    """The add-on starts NGINX unless told otherwise. The older add-on has long ended."""
    routing = "properties.ingressProfile.webAppRouting"
    kind = thing.or_default(f"{routing}.nginx.defaultIngressControllerType", "AnnotationControlled")
    older = thing.at("properties.addonProfiles.httpApplicationRouting.enabled") is True
    if older or (thing.at(f"{routing}.enabled") is True and kind not in (None, "None")):
        what = "HTTP application routing" if older else "the application routing add-on"
        yield Found(
            what=f"{what} runs ingress-nginx",
            fix='"nginx": {"defaultIngressControllerType": "None"}, and the Gateway API of the same add-on',
        )


@thing_rule(
    "kubenet-ends",
    types=(CLUSTERS,),
    severity="warning",
    family="surprises",
    title="A cluster uses kubenet, which retires on 31 March 2028",
    why="Clusters that still use it then are not supported, and to change it all nodes are remade.",
    source=f"{LEARN}/aks/concepts-network-legacy-cni",
    bad="""{"type": "Microsoft.ContainerService/managedClusters", "name": "shop",
 "properties": {"networkProfile": {"networkPlugin": "kubenet"}}}""",
    good="""{"type": "Microsoft.ContainerService/managedClusters", "name": "shop",
 "properties": {"networkProfile": {"networkPlugin": "azure", "networkPluginMode": "overlay"}}}""",
)
def kubenet_ends(thing: Thing, things: Things) -> Iterator[Found]:
    if text(thing, "properties.networkProfile.networkPlugin") == "kubenet":
        yield Found(
            what="networkPlugin kubenet", fix='"networkPlugin": "azure", "networkPluginMode": "overlay"'
        )


@rule(
    "spot-loses-work",
    severity="warning",
    family="surprises",
    title="What runs on spot machines takes its work from no queue",
    why="Azure takes a machine back with 30 seconds' notice; only a queue gives its work to the next one.",
    source=f"{LEARN}/aks/spot-node-pool",
    bad="""
from seatrial import System, backlog

shop = System("shop")
orders = shop.postgres("orders")
cheap = shop.node_pool("cheap", nodes=(0, 4), spot=True)
shop.worker("pack", "pack", replicas=(0, 4), uses=[orders], scale=[backlog(orders, "select count(*) from o")],
            host=cheap)
""",
    good="""
from seatrial import System, queue_length

shop = System("shop")
orders = shop.queue("orders")
cheap = shop.node_pool("cheap", nodes=(0, 4), spot=True)
shop.worker("pack", "pack", replicas=(0, 4), receives=[orders], scale=[queue_length(orders)], host=cheap)
""",
)
def spot_loses_work(case: Case) -> Iterator[Found]:
    """A queue gives a message again when its lock has run out."""
    for part in case.plan.of(Process):
        of_a_queue = any(isinstance(each, Queue) for each in (*part.receives, *part.uses))
        if isinstance(part.host, NodePool) and part.host.spot and not of_a_queue:
            yield Found(
                part=part,
                what=f"{part.host.name} is taken back with 30 s notice, and nothing gives its work again",
                fix="receives=[queue], or work that is marked in the store until it is done",
            )


@rule(
    "rotation-restarts",
    severity="note",
    family="surprises",
    title="A new value of a secret starts processes anew, on its own",
    why="Container Apps looks for newer secrets every 30 minutes and restarts every replica that has one.",
    source=f"{LEARN}/container-apps/manage-secrets",
    bad="""
from seatrial import System

shop = System("shop")
key = shop.secret("mail-key", rotate_after="90 days")
shop.service("api", "serve", port=8000, replicas=(1, 1), uses=[key])
""",
    good="""
from seatrial import System

shop = System("shop")
key = shop.secret("mail-key", rotate_after="90 days")
shop.service("api", "serve", port=8000, replicas=(2, 4), uses=[key])
""",
)
def rotation_restarts(case: Case) -> Iterator[Found]:
    """Told of what has one replica only: with more of them others answer meanwhile."""
    running: tuple[Service | Worker, ...] = (*case.plan.of(Service), *case.plan.of(Worker))
    for part in running:
        rotated = [each.name for each in part.uses if isinstance(each, Secret) and each.rotate_after]
        if rotated and part.replicas[1] == 1 and part.hosted_by == "container apps":
            yield Found(
                part=part,
                what=f"its only replica restarts within 30 min of each new value of {' or '.join(rotated)}",
                fix="work that goes on after a SIGTERM where it stopped"
                if isinstance(part, Worker)
                else "replicas=(2, 2)",
            )
