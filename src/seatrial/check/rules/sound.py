"""Is the description itself sound: parts nobody uses, and work that never comes."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.check.case import Case
from seatrial.check.rule import Found, refusal, rule
from seatrial.model import (
    Alert,
    AppServicePlan,
    Blobs,
    Cache,
    Dashboard,
    Documents,
    ModelApi,
    NodePool,
    Part,
    Plan,
    Postgres,
    Process,
    Queue,
    Sandbox,
    Secret,
    Service,
    Temporal,
    Worker,
)
from seatrial.model.parts import references
from seatrial.model.plan import uses_of

LEARN = "https://learn.microsoft.com/azure/"

_INCREMENTAL = f"{LEARN}well-architected/cost-optimization/optimize-component-costs"

# -- parts that nobody uses -----------------------------------------------------------------------------

_USED = (Postgres, Blobs, Cache, Documents, Queue, ModelApi, Sandbox, Temporal, AppServicePlan, NodePool)


def _named(plan: Plan) -> set[str]:
    """The parts that others work with. To watch something, or to promise something of it, is no use."""
    workers = (part for part in plan.parts if not isinstance(part, Alert | Dashboard))
    return {used.name for part in workers for _, used in references(part)}


def _variable(part: Part) -> str:
    """What the variable that holds a part is usually called."""
    return part.name.replace("-", "_")


@rule(
    "part-unused",
    severity="warning",
    family="sound",
    title="A part is described, made and paid for, and nothing uses it",
    why="It costs from the first day, and a right or a rule that was meant for it is missing elsewhere.",
    source=_INCREMENTAL,
    bad="""
from seatrial import System

shop = System("shop")
orders = shop.postgres("orders")
shop.service("web", "serve", port=8000, health="/")
""",
    good="""
from seatrial import System

shop = System("shop")
orders = shop.postgres("orders")
shop.service("web", "serve", port=8000, health="/", uses=[orders])
""",
)
def part_unused(case: Case) -> Iterator[Found]:
    named = _named(case.plan)
    for part in case.plan.parts:
        if isinstance(part, _USED) and part.name not in named:
            if isinstance(part, AppServicePlan | NodePool):
                yield Found(
                    part=part,
                    what=f"nothing runs on {part.name}",
                    fix=f"host={_variable(part)}, or without it",
                )
            else:
                fix = f"uses=[{_variable(part)}] where it is worked with, or leave it out"
                yield Found(part=part, what=f"nothing uses {part.name}", fix=fix)


@rule(
    "secret-unread",
    severity="warning",
    family="sound",
    title="A secret is asked for and nobody reads it",
    why="Whoever deploys has to give a value that serves nothing, and it lies in the vault all the same.",
    source=f"{LEARN}key-vault/secrets/secrets-best-practices",
    bad="""
from seatrial import System

shop = System("shop")
shop.secret("payment-key")
shop.service("web", "serve", port=8000, health="/")
""",
    good="""
from seatrial import System

shop = System("shop")
payments = shop.secret("payment-key")
shop.service("web", "serve", port=8000, health="/", uses=[payments])
""",
)
def secret_unread(case: Case) -> Iterator[Found]:
    named = _named(case.plan)
    for part in case.plan.of(Secret):
        if part.name not in named:
            yield Found(
                part=part, what=f"nobody reads {part.name}", fix=f"uses=[{_variable(part)}], or leave it out"
            )


@rule(
    "queue-one-sided",
    severity="warning",
    family="sound",
    title="Messages go into a queue that nobody empties, or are waited for that nobody sends",
    why="What nobody receives expires unseen; who waits for what nobody sends never works.",
    source=f"{LEARN}service-bus-messaging/service-bus-queues-topics-subscriptions",
    bad="""
from seatrial import System

shop = System("shop")
orders = shop.queue("orders")
shop.service("web", "serve", port=8000, health="/", sends=[orders])
""",
    good="""
from seatrial import System, queue_length

shop = System("shop")
orders = shop.queue("orders")
shop.service("web", "serve", port=8000, health="/", sends=[orders])
shop.worker("packer", "pack", replicas=(0, 3), scale=[queue_length(orders)], receives=[orders])
""",
)
def queue_one_sided(case: Case) -> Iterator[Found]:
    """Who uses a queue does both."""
    processes = case.plan.of(Process)
    for queue in case.plan.of(Queue):
        both = any(queue in each.uses for each in processes)
        sent = [each.name for each in processes if queue in each.sends]
        received = [each.name for each in processes if queue in each.receives]
        if sent and not received and not both:
            what = f"sent by {' and '.join(sent)}, and received by nobody"
            yield Found(part=queue, what=what, fix=f"receives=[{_variable(queue)}] in a worker")
        if received and not sent and not both:
            what = f"waited for by {' and '.join(received)}, and sent by nobody"
            yield Found(part=queue, what=what, fix=f"sends=[{_variable(queue)}] where the work comes from")


@rule(
    "worker-without-work",
    severity="warning",
    family="sound",
    title="A worker has nowhere to take work from",
    why="It answers nobody and names no queue, no store and no engine: nothing to work on.",
    source=f"{LEARN}architecture/best-practices/background-jobs",
    bad="""
from seatrial import System

shop = System("shop")
shop.worker("packer", "pack", replicas=(1, 1))
""",
    good="""
from seatrial import System

shop = System("shop")
orders = shop.postgres("orders")
shop.worker("packer", "pack", replicas=(1, 1), uses=[orders])
""",
)
def worker_without_work(case: Case) -> Iterator[Found]:
    for part in case.plan.of(Worker):
        if not uses_of(part):
            fix = "uses=[…] or receives=[…]: the store or queue that holds its work"
            yield Found(part=part, what=f"{part.name} uses nothing", fix=fix)


@rule(
    "replicas-never-more",
    severity="warning",
    family="sound",
    title="There may be more replicas, and no rule ever asks for them",
    why="Without a rule as many run as the fewest, for good: the most is never reached.",
    source=f"{LEARN}container-apps/scale-app",
    bad="""
from seatrial import System

shop = System("shop")
orders = shop.postgres("orders")
shop.worker("packer", "pack", replicas=(1, 5), uses=[orders])
""",
    good="""
from seatrial import System, cpu

shop = System("shop")
orders = shop.postgres("orders")
shop.worker("packer", "pack", replicas=(1, 5), scale=[cpu(70)], uses=[orders])
""",
)
def replicas_never_more(case: Case) -> Iterator[Found]:
    """A service on Container Apps gets a rule by itself, by requests; on App Service machines are shared."""
    for part in case.plan.parts:
        alone = isinstance(part, Worker) or (isinstance(part, Service) and part.hosted_by == "aks")
        if (
            isinstance(part, Service | Worker)
            and alone
            and not part.scale
            and part.replicas[0] < part.replicas[1]
        ):
            fewest, most = part.replicas
            what = f"replicas=({fewest}, {most}) and no rule: {fewest} run for good"
            yield Found(part=part, what=what, fix=f"scale=[cpu(70)], or replicas=({fewest}, {fewest})")


refusal(
    "part-left-out",
    family="sound",
    title="Something is about a part that is not there",
    why="A dashboard, an alert or a process of a variant names what the variant leaves out.",
    source=f"{LEARN}azure-monitor/alerts/alerts-overview",
    matches=r"and this variant leaves it out$|: not in this system$",
    bad="""
from seatrial import System, chart, metric

shop = System("shop")
orders = shop.postgres("orders")
shop.dashboard("health", charts=[chart("Orders", metric(orders, "cpu"))])
small = shop.variant("small")
small.without(orders)
""",
    good="""
from seatrial import System, chart, metric

shop = System("shop")
orders = shop.postgres("orders")
health = shop.dashboard("health", charts=[chart("Orders", metric(orders, "cpu"))])
small = shop.variant("small")
small.without(health)
small.without(orders)
""",
)
