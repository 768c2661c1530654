"""Will it hold: messages, those who work on them, and runs that end."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from seatrial.azure.access import use_of
from seatrial.azure.reach import users_of
from seatrial.bill.words import counted, in_unit
from seatrial.check.case import Case
from seatrial.check.rule import Found, rule
from seatrial.model import Alert, Job, Metric, Plan, Process, Queue, Recovery, Schedule, uses_of

LARGEST_MESSAGE = 256 * 1024
"""Bytes of a message in the standard tier.

Source: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas
"""


def _receivers(queue: Queue, plan: Plan) -> tuple[Process, ...]:
    return tuple(each for each in users_of(queue, plan) if use_of(each, queue) in ("all", "receives"))


@rule(
    "lock-shorter-than-work",
    severity="warning",
    family="holds",
    title="A message is given to another receiver while the first one still works on it",
    why="When the lock runs out the message is delivered again: the work is done twice, and after the last"
    " attempt what was done well lies among the dead letters.",
    source="https://learn.microsoft.com/azure/service-bus-messaging/message-transfers-locks-settlement",
    bad="""
from seatrial import System, queue_length

shop = System("shop")
orders = shop.queue("orders", lock="1 min")
packer = shop.worker("packer", "pack", scale=[queue_length(orders)], receives=[orders])
shop.usage(packer, item_time="3 min")
""",
    good="""
from seatrial import System, queue_length

shop = System("shop")
orders = shop.queue("orders", lock="5 min")
packer = shop.worker("packer", "pack", scale=[queue_length(orders)], receives=[orders])
shop.usage(packer, item_time="3 min")
""",
)
def lock_shorter_than_work(case: Case) -> Iterator[Found]:
    """Whether a receiver renews its lock, as long work must, no plan says. A note, where only the longest
    work is longer than the lock."""
    times = {each.part: each for each in case.plan.usage if each.name == "item_time"}
    for queue in case.plan.of(Queue):
        lock = Decimal(queue.lock.microseconds) / 1_000_000
        for process in _receivers(queue, case.plan):
            stated = times.get(process.name)
            if stated is None or stated.high <= lock:
                continue
            likely = stated.likely > lock
            takes = in_unit(stated.likely if likely else stated.high, "seconds")
            fix = (
                f'lock="{_minutes(stated.high)}"' if stated.high <= 300 else "let the receiver renew its lock"
            )
            yield Found(
                part=queue,
                what=f"locked for {queue.lock}, and {process.name} works {takes} on one"
                f"{'' if likely else ' at most'}",
                fix=f"{fix}, or cut the work into smaller pieces",
                severity=None if likely else "note",
            )


def _minutes(seconds: Decimal) -> str:
    return f"{int(-(-seconds // 60))} min"


@rule(
    "one-attempt",
    severity="warning",
    family="holds",
    title="A message is given up after its first failure",
    why="A database that fails over for a minute turns every message of that minute into a dead letter.",
    source="https://learn.microsoft.com/azure/service-bus-messaging/service-bus-dead-letter-queues",
    bad="""
from seatrial import System

shop = System("shop")
orders = shop.queue("orders", attempts=1)
shop.worker("packer", "pack", receives=[orders])
""",
    good="""
from seatrial import System

shop = System("shop")
orders = shop.queue("orders", attempts=5)
shop.worker("packer", "pack", receives=[orders])
""",
)
def one_attempt(case: Case) -> Iterator[Found]:
    for queue in case.plan.of(Queue):
        if queue.attempts == 1:
            yield Found(part=queue, what="attempts=1: nothing is tried again", fix="attempts=5")


@rule(
    "messages-older-than-outage",
    severity="warning",
    family="holds",
    title="Messages expire before the store that they are for is promised back",
    why="What waits longer than it is kept goes to the dead letters, although nothing was wrong with it.",
    source="https://learn.microsoft.com/azure/service-bus-messaging/message-expiration",
    bad="""
from seatrial import System, recovery

shop = System("shop")
stock = shop.postgres("stock")
orders = shop.queue("orders", keeps="1 h")
shop.worker("packer", "pack", uses=[stock], receives=[orders])
shop.expects(recovery(stock, loses_at_most="1 h", back_within="4 h"))
""",
    good="""
from seatrial import System, recovery

shop = System("shop")
stock = shop.postgres("stock")
orders = shop.queue("orders", keeps="2 days")
shop.worker("packer", "pack", uses=[stock], receives=[orders])
shop.expects(recovery(stock, loses_at_most="1 h", back_within="4 h"))
""",
)
def messages_older_than_outage(case: Case) -> Iterator[Found]:
    back = {each.part.name: each.back_within for each in case.plan.targets if isinstance(each, Recovery)}
    for queue in case.plan.of(Queue):
        awaited = [
            (back[store.name], process, store)
            for process in _receivers(queue, case.plan)
            for store in uses_of(process)
            if store.name in back
        ]
        longest = max(awaited, key=lambda each: each[0], default=None)
        if longest is not None and queue.keeps < longest[0]:
            within, process, store = longest
            yield Found(
                part=queue,
                what=f"kept for {queue.keeps}; {process.name} needs {store.name}, back within {within}",
                fix=f'keeps="{max(2, int(within.days) * 2)} days"',
            )


@rule(
    "expires-before-last-attempt",
    severity="note",
    family="holds",
    title="A message expires before all its attempts are made",
    why="A receiver that hangs holds it for the whole lock each time, so the later attempts never come.",
    source="https://learn.microsoft.com/azure/service-bus-messaging/message-expiration",
    bad="""
from seatrial import System

shop = System("shop")
orders = shop.queue("orders", lock="5 min", attempts=10, keeps="30 min")
shop.worker("packer", "pack", receives=[orders])
""",
    good="""
from seatrial import System

shop = System("shop")
orders = shop.queue("orders", lock="5 min", attempts=10, keeps="1 day")
shop.worker("packer", "pack", receives=[orders])
""",
)
def expires_before_last_attempt(case: Case) -> Iterator[Found]:
    for queue in case.plan.of(Queue):
        held = queue.lock * queue.attempts
        if held > queue.keeps:
            yield Found(
                part=queue,
                what=f"{queue.attempts} attempts of {queue.lock} are {held}, and it is kept {queue.keeps}",
                fix=f'keeps="{int(held.days) + 1} days"',
            )


@rule(
    "dead-letters-unwatched",
    severity="warning",
    family="holds",
    title="Nobody is told when messages end among the dead letters",
    why="They are never deleted and never worked on again by themselves: work is lost in silence.",
    source="https://learn.microsoft.com/azure/service-bus-messaging/service-bus-dead-letter-queues",
    bad="""
from seatrial import System

shop = System("shop")
orders = shop.queue("orders")
shop.worker("packer", "pack", receives=[orders])
""",
    good="""
from seatrial import System, metric

shop = System("shop")
orders = shop.queue("orders")
shop.worker("packer", "pack", receives=[orders])
team = shop.contact("team", mail=["team@example.org"])
shop.alert("orders-lost", metric(orders, "dead letters"), above=0, tell=[team])
""",
)
def dead_letters_unwatched(case: Case) -> Iterator[Found]:
    watched = {
        alert.when.part
        for alert in case.plan.of(Alert)
        if isinstance(alert.when, Metric) and alert.when.measure == "dead letters" and alert.tell
    }
    for queue in case.plan.of(Queue):
        if queue not in watched and _receivers(queue, case.plan):
            yield Found(
                part=queue,
                what="no alert on its dead letters",
                fix=f'alert("{queue.name}-lost", metric({queue.name}, "dead letters"), above=0, tell=[…])',
            )


@rule(
    "messages-too-large",
    severity="error",
    family="holds",
    title="Messages are larger than Service Bus takes",
    why="The standard tier refuses a message of more than 256 KB when it is sent.",
    source="https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas",
    bad="""
from seatrial import System

shop = System("shop")
photos = shop.queue("photos")
shop.worker("packer", "pack", receives=[photos])
shop.usage(photos, messages="10k/month", through="20 GB")
""",
    good="""
from seatrial import System

shop = System("shop")
photos = shop.queue("photos")
shop.worker("packer", "pack", receives=[photos])
shop.usage(photos, messages="10k/month", through="20 MB")
""",
)
def messages_too_large(case: Case) -> Iterator[Found]:
    """On average; `through` counts what is sent and what is received, so a message passes twice."""
    stated = {each.key: each.likely for each in case.plan.usage}
    for queue in case.plan.of(Queue):
        messages, through = (stated.get(f"{queue.name}.{name}") for name in ("messages", "through"))
        if messages and through and through / messages / 2 > LARGEST_MESSAGE:
            size = in_unit(through / messages / 2, "bytes")
            yield Found(
                part=queue,
                what=f"a message has {size} on average: {in_unit(through, 'bytes')} pass in "
                f"{counted(messages)} messages, each twice; 256 KiB are taken",
                fix="put what is large into blobs, and only its name into the message",
            )


@rule(
    "job-without-retry",
    severity="warning",
    family="holds",
    title="What the clock starts is not tried again when it fails",
    why="A database that fails over, or a network that stumbles for a second, costs the whole run until the"
    " next one.",
    source="https://learn.microsoft.com/azure/container-apps/jobs",
    bad="""
from seatrial import System

shop = System("shop")
shop.schedule("report", "report", cron="0 3 * * *")
""",
    good="""
from seatrial import System

shop = System("shop")
shop.schedule("report", "report", cron="0 3 * * *", retries=2)
""",
)
def job_without_retry(case: Case) -> Iterator[Found]:
    for schedule in case.plan.of(Schedule):
        if schedule.retries == 0:
            yield Found(
                part=schedule,
                what="retries=0, which is the default: a run that fails is lost",
                fix="retries=2",
            )


@rule(
    "run-longer-than-limit",
    severity="error",
    family="holds",
    title="A run takes longer than it may",
    why="At its limit the container is ended in the middle of its work, and tried again from the beginning.",
    source="https://learn.microsoft.com/azure/container-apps/jobs#job-settings",
    bad="""
from seatrial import System

shop = System("shop")
report = shop.schedule("report", "report", cron="0 3 * * *", time_limit="30 min", retries=2)
shop.usage(report, run_time="45 min")
""",
    good="""
from seatrial import System

shop = System("shop")
report = shop.schedule("report", "report", cron="0 3 * * *", time_limit="2 h", retries=2)
shop.usage(report, run_time="45 min")
""",
)
def run_longer_than_limit(case: Case) -> Iterator[Found]:
    """An error where the likely run is too long, a warning where only the longest is."""
    limits: dict[str, Job | Schedule] = {each.name: each for each in case.plan.of(Job)}
    limits |= {each.name: each for each in case.plan.of(Schedule)}
    for stated in case.plan.usage:
        if stated.name != "run_time" or stated.part is None:
            continue
        process = limits[stated.part]
        limit = Decimal(str(process.time_limit.seconds))
        if stated.high > limit:
            likely = stated.likely > limit
            takes = in_unit(stated.likely if likely else stated.high, "seconds")
            yield Found(
                part=process,
                what=f"a run takes {takes}{'' if likely else ' at most'}, and ends at {process.time_limit}",
                fix=f'time_limit="{_hours(stated.high * 2)}"',
                severity=None if likely else "warning",
            )


def _hours(seconds: Decimal) -> str:
    return f"{int(seconds / 3600) + 1} h" if seconds >= 3600 else f"{int(seconds / 60) + 1} min"
