"""Azure Kubernetes Service: the cluster and its node pools; what runs on it is told by manifests.

The API server answers inside the network only: deployments come by `az aks command invoke`, which goes
through Azure's own door and asks the same rights, so no address of a build machine need be let in. Its name
is a public one that leads to a private address, so that no zone of names has to be made before the cluster.

People and programs sign in with Entra and are given rights by Azure's roles; there are no local accounts.
Each process is its own identity, by a token of the cluster that Entra trusts.

Ingress is by the Gateway API: the ingress of the add-on that was built on NGINX is supported until 2026-11
only.

Source: https://learn.microsoft.com/azure/aks/private-clusters,
https://learn.microsoft.com/azure/aks/workload-identity-overview and
https://learn.microsoft.com/azure/aks/app-routing-gateway-api
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from seatrial.azure import access, identity, network, registry
from seatrial.azure.addresses import PODS, space
from seatrial.azure.aks_cluster import (
    DEPLOYER,
    KUBERNETES,
    SERVICES,
    deployer_right,
    logs_resources,
    properties,
)
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.pools import OWN, pool_body, pool_name, wrong_with
from seatrial.azure.reach import edges_before, exposure, network_of, users_of
from seatrial.azure.regions import has_zones
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Out, Ref
from seatrial.model import NodePool, Plan, Process, Service, Temporal, Worker
from seatrial.model.scaling import Backlog, QueueLength

__all__ = [
    "DEPLOYER",
    "KUBERNETES",
    "cluster",
    "cluster_resources",
    "hosted",
    "needed",
    "pool",
    "pool_resources",
    "resources",
    "rules_of_keda",
    "trust",
]


def cluster(at: Stamp) -> Ref:
    """The cluster of a region."""
    return Ref(type="Microsoft.ContainerService/managedClusters", name=at.name(at.plan.name))


def pool(part: NodePool, at: Stamp) -> Ref:
    """The machines of a part."""
    return cluster(at).child("agentPools", pool_name(part))


def hosted(plan: Plan) -> tuple[Process | Temporal, ...]:
    """What runs on the cluster, in the order in which it was written."""
    return tuple(
        part for part in plan.parts if isinstance(part, Process | Temporal) and part.hosted_by == "aks"
    )


def needed(plan: Plan) -> bool:
    """Whether there is a cluster."""
    return bool(hosted(plan) or plan.of(NodePool))


# -- the cluster --------------------------------------------------------------------------------------------


def cluster_resources(at: Stamp) -> Iterator[Resource]:
    """The cluster, who it is, what it may do, and where its logs go."""
    if not needed(at.plan):
        return
    if overlap := [
        cidr for cidr in (PODS, SERVICES) if space(at.plan, at.region).overlaps(IPv4Network(cidr))
    ]:
        what = f"the network's space overlaps {' and '.join(overlap)}, which the cluster has inside"
        part = network_of(at.plan).name
        raise Refused([Trouble.about(at.plan, part, what, 'choose another space, as "10.0.0.0/16"')])
    control, machines = f"{at.plan.name}-cluster", f"{at.plan.name}-machines"
    yield identity.resource(control, at, "Who the cluster is when it makes machines and addresses", None)
    yield identity.resource(machines, at, "Who the cluster's machines are when they pull images", None)
    rights = (
        access.assign(
            "Network Contributor",
            network.subnet("cluster", at),
            control,
            at,
            "The cluster puts its machines into its subnet",
        ),
        access.assign(
            "Managed Identity Operator",
            identity.ref(machines, at),
            control,
            at,
            "The cluster gives its machines their identity",
        ),
    )
    yield from rights
    yield access.assign(
        "AcrPull", registry.ref(at.plan), machines, at, "The cluster's machines pull the images of processes"
    )
    yield Resource(
        ref=cluster(at),
        module="compute",
        region=at.region,
        symbol="cluster",
        why="Runs what is described by the manifests",
        location=at.region,
        after=tuple(each.ref for each in rights),
        body={
            "sku": {"name": "Base", "tier": "Standard"},
            "identity": {
                "type": "UserAssigned",
                "userAssignedIdentities": {Id(of=identity.ref(control, at)): {}},
            },
            "properties": properties(identity.ref(machines, at), _reached_from_outside(at.plan), at),
        },
    )
    yield deployer_right(cluster(at), at)
    yield from logs_resources(cluster(at), at)
    if any(each.host == "aks" for each in hosted(at.plan)):
        yield _pool(OWN, at)


def _reached_from_outside(plan: Plan) -> bool:
    return any(isinstance(each, Service) and exposure(each, plan) != "inside" for each in hosted(plan))


# -- its machines -------------------------------------------------------------------------------------------


def pool_resources(part: NodePool, at: Stamp) -> Iterator[Resource]:
    """The machines that processes with this host share."""
    for wrong, hint in wrong_with(part):
        raise Refused([Trouble.about(at.plan, part.name, wrong, hint)])
    yield _pool(part, at)


def _pool(part: NodePool, at: Stamp) -> Resource:
    users = [each.name for each in hosted(at.plan) if each.host == (part if part is not OWN else "aks")]
    return Resource(
        ref=pool(part, at),
        module="compute",
        region=at.region,
        symbol=camel(part.name, "pool"),
        why=f"Machines of the cluster for {', '.join(users) or 'nothing yet'}",
        part=None if part is OWN else part.name,
        tagged=False,
        body={"properties": pool_body(part, network.subnet("cluster", at), has_zones(at.region))},
    )


# -- what runs on it ----------------------------------------------------------------------------------------


def resources(process: Process, at: Stamp) -> Iterator[Resource]:
    """The trust by which a process on the cluster is its identity; the process itself is in the manifests."""
    if troubles := tuple(
        Trouble.about(at.plan, process.name, *each) for each in _wrong_here(process, at.plan)
    ):
        raise Refused(troubles)
    yield from _trusts(process.name, at, *_trusted(process, at.plan))


def _wrong_here(process: Process, plan: Plan) -> Iterator[tuple[str, str]]:
    if isinstance(process.host, NodePool) and process.host.isolated and process.gpus:
        yield "a pod with a kernel of its own has no GPU", "a pool without isolated for it"
    if not isinstance(process, Service):
        return
    for user in users_of(process, plan):
        if user.hosted_by != "aks":
            yield (
                f"{user.name} runs on {user.hosted_by}, where names of the cluster are not known",
                'host="container apps" for one of the two, or the cluster for both',
            )
    for edge in edges_before(process, plan):
        yield (
            f"{edge.name} does not find a service inside the cluster",
            'host="container apps", or public=True without an edge: the cluster has a gateway of its own',
        )
    if process.sign_in:
        yield "the cluster's gateway signs nobody in", 'host="container apps"'


def trust(name: str, at: Stamp) -> Resource:
    """Entra takes the cluster's word that a pod of this service account is this identity."""
    return next(_trusts(name, at, _itself(name, at.plan)))


def rules_of_keda(process: Process) -> tuple[Backlog | QueueLength, ...]:
    """The rules for which KEDA asks a store, as the process itself."""
    if not isinstance(process, Service | Worker):
        return ()
    return tuple(rule for rule in process.scale if isinstance(rule, Backlog | QueueLength))


def _trusted(process: Process, plan: Plan) -> Iterator[tuple[str, str, str]]:
    """Who may be the process: kind, service account, and what for.

    Source: https://learn.microsoft.com/azure/aks/keda-workload-identity and
    https://learn.microsoft.com/azure/aks/app-routing-gateway-api-dns-tls
    """
    yield _itself(process.name, plan)
    if rules_of_keda(process):
        yield "keda", "kube-system:keda-operator", f"KEDA counts as {process.name} what waits for it"
    if isinstance(process, Service) and exposure(process, plan) == "world":
        account = f"{plan.name}-entrance:{process.name}"
        yield "entrance", account, f"The gateway reads the certificate for {process.name}"


def _itself(name: str, plan: Plan) -> tuple[str, str, str]:
    return "cluster", f"{plan.name}:{name}", f"Pods of {name} are its identity"


def _trusts(name: str, at: Stamp, *trusted: tuple[str, str, str]) -> Iterator[Resource]:
    """One after the other: Entra takes one such trust of an identity at a time.

    Source: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
    """
    before: tuple[Ref, ...] = ()
    for kind, account, why in trusted:
        ref = identity.ref(name, at).child("federatedIdentityCredentials", kind)
        yield Resource(
            ref=ref,
            module="compute",
            region=at.region,
            symbol=camel(name, kind, "trust"),
            why=why,
            part=name,
            tagged=False,
            after=before,
            body={
                "properties": {
                    "issuer": Out(of=cluster(at), path="properties.oidcIssuerProfile.issuerURL"),
                    "subject": f"system:serviceaccount:{account}",
                    "audiences": ["api://AzureADTokenExchange"],
                }
            },
        )
        before = (ref,)
