"""Will Azure take it: what runs, as a system file asks for it."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.check.case import Case
from seatrial.check.rule import Found, refusal, rule
from seatrial.model import Latency, Service

SIZES = "https://learn.microsoft.com/azure/container-apps/containers"
SCALE = "https://learn.microsoft.com/azure/container-apps/scale-app"
GPU = "https://learn.microsoft.com/azure/container-apps/gpu-serverless-overview"
SESSIONS = "https://learn.microsoft.com/azure/container-apps/session-pool"


def _system(line: str, words: str = "System") -> str:
    """A system file with what is asked for."""
    return f"""
from seatrial import {words}

shop = System("shop", region="eastus2")
{line}
"""


# -- how many replicas --------------------------------------------------------------------------------------

refusal(
    "worker-nothing-wakes",
    title="A process that may go down to no replica has no rule that can wake it",
    why="What does not run uses no CPU and memory to measure: it stops for good.",
    source=SCALE,
    matches=r"^replicas=\(0, \d+\): at no replica, ",
    bad=_system('shop.worker("packer", "pack", replicas=(0, 3), scale=[cpu(70)])', "System, cpu"),
    good=_system('shop.worker("packer", "pack", replicas=(1, 3), scale=[cpu(70)])', "System, cpu"),
)

refusal(
    "replicas-most",
    title="A process is to have more replicas than Azure runs",
    why="An app of Container Apps has a thousand replicas at most.",
    source=SCALE,
    matches=r"^replicas=.*: not 0 to 1000$",
    bad=_system('shop.worker("packer", "pack", replicas=(1, 2000))'),
    good=_system('shop.worker("packer", "pack", replicas=(1, 1000))'),
)

refusal(
    "worker-requests",
    title="A worker is to follow requests, and gets none",
    why="Only what answers HTTP has requests that can be counted; the rule would never act.",
    source=SCALE,
    matches=r": a worker gets no requests$",
    bad=_system('shop.worker("packer", "pack", scale=[requests(20)])', "System, requests"),
    good=_system('shop.worker("packer", "pack", scale=[cpu(70)])', "System, cpu"),
)

refusal(
    "scale-not-used",
    title="A process is to follow a queue or database that it does not use",
    why="Whoever counts what waits needs the right to look, and more replicas would help nobody.",
    source=SCALE,
    matches=r"^scale=.* does not use ",
    bad=_system(
        'orders = shop.queue("orders")\nshop.worker("packer", "pack", scale=[queue_length(orders)])',
        "System, queue_length",
    ),
    good=_system(
        'orders = shop.queue("orders")\n'
        'shop.worker("packer", "pack", receives=[orders], scale=[queue_length(orders)])',
        "System, queue_length",
    ),
)

# -- how large ----------------------------------------------------------------------------------------------

refusal(
    "container-app-large",
    title="A process is larger than a container of Container Apps can be",
    why="The consumption profile goes up to 4 cores with 8 GiB.",
    source=SIZES,
    matches=r"Container Apps have 4 cores and 8 GiB at most$",
    bad=_system('shop.worker("packer", "pack", cpu=8, memory="16 GiB")'),
    good=_system('shop.worker("packer", "pack", cpu=4, memory="8 GiB")'),
)

refusal(
    "container-app-gpus",
    title="A replica of Container Apps is to have more than one GPU",
    why="A replica gets one whole GPU; there are no two, and no part of one.",
    source=GPU,
    matches=r"a replica on Container Apps has one GPU$",
    bad=_system('shop.worker("trainer", "train", gpus=2)'),
    good=_system('shop.worker("trainer", "train", gpus=1)'),
)

refusal(
    "container-app-gpu-size",
    title="A process with a GPU is larger than the machine that has it",
    why="The larger of the two machines has 24 cores and 220 GiB.",
    source="https://learn.microsoft.com/azure/container-apps/workload-profiles-overview",
    matches=r"machines with a GPU have 24 cores and 220 GiB at most$",
    bad=_system('shop.worker("trainer", "train", gpus=1, cpu=32)'),
    good=_system('shop.worker("trainer", "train", gpus=1, cpu=24)'),
)

refusal(
    "container-app-start",
    title="A service may take longer to start than Azure waits",
    why="A start probe is asked ten times at most, every four minutes at most.",
    source="https://learn.microsoft.com/azure/container-apps/health-probes",
    matches=r"^start_within=.*Container Apps wait 40 min at most$",
    bad=_system('shop.service("web", "serve", port=8080, start_within="2 h")'),
    good=_system('shop.service("web", "serve", port=8080, start_within="40 min")'),
)

refusal(
    "port-privileged",
    title="A service answers on a port that only root may open",
    why="Containers run as an ordinary user, who cannot open ports below 1024; the way in is on 443.",
    source="https://learn.microsoft.com/azure/container-apps/ingress-overview",
    matches=r"^port=\d+: a privileged port",
    bad=_system('shop.service("web", "serve", port=80)'),
    good=_system('shop.service("web", "serve", port=8080)'),
)

refusal(
    "schedule-clock",
    title="A schedule has a clock that Azure cannot read, or a day that never comes",
    why="A cron expression has five fields, from the minute to the day of the week, in UTC.",
    source="https://learn.microsoft.com/azure/container-apps/jobs",
    matches=r"^cron=",
    bad=_system('shop.schedule("nightly", "count", cron="0 0 2 * * *")'),
    good=_system('shop.schedule("nightly", "count", cron="0 2 * * *")'),
)

# -- sandboxes ----------------------------------------------------------------------------------------------

refusal(
    "sandbox-sessions",
    title="A sandbox is to hold more sessions at once than a pool has",
    why="A pool of sessions has 600 at most; the next one who asks is told that there is none.",
    source=SESSIONS,
    matches=r"^most=\d+: not 1 to 600$",
    bad=_system('shop.sandbox("lab", "answer", port=8080, most=1000)'),
    good=_system('shop.sandbox("lab", "answer", port=8080, most=600)'),
)

refusal(
    "sandbox-idle",
    title="A session is to end sooner or later than Azure ends it",
    why="A session that nobody uses ends after five minutes to an hour.",
    source=SESSIONS,
    matches=r"^idle=",
    bad=_system('shop.sandbox("lab", "answer", port=8080, idle="1 min")'),
    good=_system('shop.sandbox("lab", "answer", port=8080, idle="5 min")'),
)

refusal(
    "sandbox-ready",
    title="More sessions are to wait than there may be",
    why="Those that wait count among those at once.",
    source=SESSIONS,
    matches=r"^ready=\d+: more wait than there may be",
    bad=_system('shop.sandbox("lab", "answer", port=8080, ready=30, most=20)'),
    good=_system('shop.sandbox("lab", "answer", port=8080, ready=5, most=20)'),
)

# -- how long a request may take ----------------------------------------------------------------------------

_LONGEST_SECONDS = {"container apps": 240, "app service": 230}
"""After which the answer is no longer waited for, by the kind of host.

Source: https://learn.microsoft.com/azure/container-apps/ingress-overview and
https://learn.microsoft.com/troubleshoot/azure/app-service/web-apps-performance-faqs
"""


@rule(
    "request-too-long",
    severity="error",
    family="takes",
    title="A request is to take longer than Azure waits for its answer",
    why="The way in gives up after four minutes, whatever the program does: such work needs a queue.",
    source="https://learn.microsoft.com/azure/container-apps/ingress-overview",
    bad=_system(
        'web = shop.service("web", "serve", port=8080)\n'
        'shop.expects(web.post("/reports"), p95="10 min", at="1/min")'
    ),
    good=_system(
        'web = shop.service("web", "serve", port=8080)\n'
        'shop.expects(web.post("/reports"), p95="2 s", at="1/min")'
    ),
)
def request_too_long(case: Case) -> Iterator[Found]:
    for target in case.plan.targets:
        if isinstance(target, Latency):
            slowest = max((each.seconds for each in (target.p95, target.p99) if each), default=0)
            yield from _waits(target.endpoint.service, float(slowest), target.endpoint.path)
    for figure in case.plan.usage:
        if figure.name == "request_time" and figure.part is not None:
            service = case.plan.part(figure.part)
            if isinstance(service, Service):
                yield from _waits(service, float(figure.likely), "a request")


def _waits(service: Service, seconds: float, what: str) -> Iterator[Found]:
    longest = _LONGEST_SECONDS.get(service.hosted_by)
    if longest is not None and seconds > longest:
        yield Found(
            part=service,
            what=f"{what} takes {seconds:g} s, and {service.hosted_by} ends it after {longest} s",
            fix="answer 202 at once, and let a worker do the work that a queue hands it",
        )
