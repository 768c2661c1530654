"""Is the description itself sound: alarms that reach nobody, and people who cannot come in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Network

from seatrial.azure.reach import edges_before
from seatrial.check.case import Case
from seatrial.check.rule import Found, rule, thing_rule
from seatrial.check.thing import Thing, Things
from seatrial.model import (
    Alert,
    ApplicationGateway,
    Budget,
    Contact,
    FrontDoor,
    Metric,
    Network,
    NodePool,
    Process,
    Service,
    Temporal,
    Worker,
)

LEARN = "https://learn.microsoft.com/azure/"

# -- who is told ----------------------------------------------------------------------------------------


@thing_rule(
    "alert-tells-nobody",
    types=(
        "Microsoft.Insights/metricAlerts",
        "Microsoft.Insights/scheduledQueryRules",
        "Microsoft.Insights/activityLogAlerts",
    ),
    severity="warning",
    family="sound",
    title="An alert tells nobody",
    why="It is seen only by whoever happens to look at the portal.",
    source=f"{LEARN}azure-monitor/alerts/action-groups",
    bad="""{"type": "Microsoft.Insights/metricAlerts", "name": "busy",
 "properties": {"severity": 2, "evaluationFrequency": "PT5M", "windowSize": "PT15M"}}""",
    good="""{"type": "Microsoft.Insights/metricAlerts", "name": "busy",
 "properties": {"severity": 2, "actions": [{"actionGroupId": "/subscriptions/s/team"}]}}""",
)
def alert_tells_nobody(thing: Thing, things: Things) -> Iterator[Found]:
    """Rules that add action groups to many alerts at once may stand elsewhere; those beside it count.

    Questions to the logs had `action`, and no `actions`, in versions before 2021.
    """
    metric = thing.type.lower().endswith("metricalerts")
    path = "properties.actions" if metric else "properties.actions.actionGroups"
    known = thing.at(path) if thing.says(path) else ()
    processed = any(things.of("Microsoft.AlertsManagement/actionRules")) or thing.says("properties.action")
    waits = thing.unknown(path)
    if known is not None and not known and not waits and not processed:
        fix = "tell=[team]" if thing.ours else '"actions": [{"actionGroupId": "…"}]'
        yield Found(what="no action group", fix=fix)


@rule(
    "contact-untold",
    severity="note",
    family="sound",
    title="A contact is never told of anything",
    why="Whoever relies on being told is not.",
    source=f"{LEARN}azure-monitor/alerts/action-groups",
    bad="""
from seatrial import System, metric

shop = System("shop")
orders = shop.postgres("orders")
shop.service("web", "serve", port=8000, health="/", uses=[orders])
team, security = shop.contact("team"), shop.contact("security")
shop.alert("busy", metric(orders, "cpu"), above=80, tell=[team])
""",
    good="""
from seatrial import System, metric

shop = System("shop")
orders = shop.postgres("orders")
shop.service("web", "serve", port=8000, health="/", uses=[orders])
team, security = shop.contact("team"), shop.contact("security")
shop.alert("busy", metric(orders, "cpu"), above=80, tell=[team, security])
""",
)
def contact_untold(case: Case) -> Iterator[Found]:
    """The first contact is told without asking when Azure itself has trouble."""
    told = {each.name for alert in case.plan.of(Alert) for each in alert.tell}
    if isinstance(case.plan.budget, Budget):
        told |= {each.name for each in case.plan.budget.tell}
    for part in case.plan.of(Contact)[1:]:
        if part.name not in told:
            yield Found(
                part=part,
                what=f"nothing tells {part.name}",
                fix=f"tell=[{part.name}] in an alert, or leave it out",
            )


_PERCENT = ("cpu", "memory", "connections", "storage used")


@rule(
    "alert-out-of-range",
    severity="warning",
    family="sound",
    title="An alert can never fire, or never stops",
    why="A share is never above 100 percent, nothing is ever below 0, and below 100 percent is every day.",
    source=f"{LEARN}azure-monitor/alerts/alerts-metric-overview",
    bad="""
from seatrial import System, metric

shop = System("shop")
orders = shop.postgres("orders")
shop.service("web", "serve", port=8000, health="/", uses=[orders])
shop.alert("full", metric(orders, "storage used"), above=100, tell=[shop.contact("team")])
""",
    good="""
from seatrial import System, metric

shop = System("shop")
orders = shop.postgres("orders")
shop.service("web", "serve", port=8000, health="/", uses=[orders])
shop.alert("full", metric(orders, "storage used"), above=85, tell=[shop.contact("team")])
""",
)
def alert_out_of_range(case: Case) -> Iterator[Found]:
    for alert in case.plan.of(Alert):
        if not isinstance(alert.when, Metric):
            continue
        share = alert.when.measure in _PERCENT
        if share and alert.above is not None and alert.above >= 100:
            what = f"{alert.when.measure} above {alert.above:g} percent, which it never is"
            yield Found(part=alert, what=what, fix="above=85")
        if alert.below is not None and alert.below <= 0:
            yield Found(
                part=alert,
                what=f"{alert.when.measure} below {alert.below:g}, which it never is",
                fix="below=1",
            )
        if share and alert.below is not None and alert.below >= 100:
            what = f"{alert.when.measure} below {alert.below:g} percent, which it nearly always is"
            yield Found(part=alert, what=what, fix="above=85")


@rule(
    "alert-on-sleep",
    severity="warning",
    family="sound",
    title="An alert takes sleep for death",
    why="What may go down to no replica does so every quiet hour, and somebody is woken each time.",
    source=f"{LEARN}container-apps/scale-app",
    bad="""
from seatrial import System, metric, requests

shop = System("shop")
web = shop.service("web", "serve", port=8000, health="/", replicas=(0, 5), scale=[requests(50)])
shop.alert("web-down", metric(web, "replicas"), below=1, tell=[shop.contact("team")])
""",
    good="""
from seatrial import System, metric, requests

shop = System("shop")
web = shop.service("web", "serve", port=8000, health="/", replicas=(1, 5), scale=[requests(50)])
shop.alert("web-down", metric(web, "replicas"), below=1, tell=[shop.contact("team")])
""",
)
def alert_on_sleep(case: Case) -> Iterator[Found]:
    for alert in case.plan.of(Alert):
        if not isinstance(alert.when, Metric) or alert.when.measure != "replicas" or alert.below is None:
            continue
        part = alert.when.part
        if isinstance(part, Service | Worker) and part.replicas[0] < alert.below <= part.replicas[1]:
            what = f"fires below {alert.below:g} replicas, and {part.name} may have {part.replicas[0]}"
            fix = f"replicas=({alert.below:g}, {part.replicas[1]}) for {part.name}, or watch its errors"
            yield Found(part=alert, what=what, fix=fix)


# -- addresses that stand for others --------------------------------------------------------------------

_DOCUMENTATION = tuple(map(IPv4Network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")))
"""Source: https://www.rfc-editor.org/rfc/rfc5737"""

_NOBODYS = re.compile(r"(^|[.@])(example\.(com|org|net|edu)|[a-z0-9-]+\.(example|test|invalid)|localhost)$")
"""Source: https://www.rfc-editor.org/rfc/rfc6761"""


@rule(
    "placeholder-administrators",
    severity="warning",
    family="sound",
    title="Administrators come from addresses that are kept for documentation",
    why="Nobody on the internet has them: nobody comes in, on the day when somebody has to.",
    source="https://www.rfc-editor.org/rfc/rfc5737",
    bad="""
from seatrial import System

shop = System("shop")
shop.service("web", "serve", port=8000, health="/")
shop.network("net", vpn=True, administrators=["203.0.113.0/24"])
""",
    good="""
from seatrial import System

shop = System("shop")
shop.service("web", "serve", port=8000, health="/")
shop.network("net", vpn=True, administrators=["20.31.7.0/28"])
""",
)
def placeholder_administrators(case: Case) -> Iterator[Found]:
    for part in case.plan.of(Network):
        for written in part.administrators:
            if any(IPv4Network(written).subnet_of(each) for each in _DOCUMENTATION):
                what = f'administrators="{written}": addresses of examples, which nobody has'
                yield Found(
                    part=part, what=what, fix="the addresses by which your own people reach the internet"
                )


@rule(
    "placeholder-names",
    severity="warning",
    family="sound",
    title="A name or address of mail is one that is kept for examples",
    why="Such names lead nowhere: mail about alerts is lost, and no certificate is given for them.",
    source="https://www.rfc-editor.org/rfc/rfc6761",
    bad="""
from seatrial import System

shop = System("shop")
shop.contact("team", mail=["team@example.com"])
""",
    good="""
from seatrial import System

shop = System("shop")
shop.contact("team")
""",
)
def placeholder_names(case: Case) -> Iterator[Found]:
    for part in case.plan.parts:
        match part:
            case Contact():
                names: tuple[str, ...] = part.mail
                fix = "an address that somebody reads; left out, whoever deploys is asked for one"
            case FrontDoor() | ApplicationGateway():
                names = (part.domain,) if part.domain else ()
                fix = "a domain of your own; left out, Azure gives a name"
            case Network():
                names, fix = part.reaches, "the hosts that processes really reach"
            case _:
                continue
        for name in names:
            if _NOBODYS.search(name):
                yield Found(part=part, what=f'"{name}" is a name of examples', fix=fix)


@rule(
    "administrators-without-way-in",
    severity="warning",
    family="sound",
    title="Administrators are named, and there is no way in for them",
    why="Their addresses are let in to Bastion or a VPN only; without either nobody comes in.",
    source=f"{LEARN}bastion/bastion-overview",
    bad="""
from seatrial import System

shop = System("shop")
shop.service("web", "serve", port=8000, health="/")
shop.network("net", administrators=["20.31.7.0/28"])
""",
    good="""
from seatrial import System

shop = System("shop")
shop.service("web", "serve", port=8000, health="/")
shop.network("net", vpn=True, administrators=["20.31.7.0/28"])
""",
)
def administrators_without_way_in(case: Case) -> Iterator[Found]:
    for part in case.plan.of(Network):
        if part.administrators and not part.bastion and not part.vpn:
            yield Found(
                part=part, what="neither Bastion nor a VPN", fix="vpn=True, or leave administrators out"
            )


@rule(
    "bastion-without-machines",
    severity="warning",
    family="sound",
    title="Bastion stands in a network in which there is no machine to sign in to",
    why="It leads to virtual machines and clusters only: stores and containers are not reached by it, and it "
    "costs from the first hour.",
    source=f"{LEARN}bastion/bastion-overview",
    bad="""
from seatrial import System

shop = System("shop")
shop.service("web", "serve", port=8000, health="/")
shop.network("net", bastion=True)
""",
    good="""
from seatrial import System

shop = System("shop")
shop.service("web", "serve", port=8000, health="/")
shop.network("net", vpn=True)
""",
)
def bastion_without_machines(case: Case) -> Iterator[Found]:
    """The only machines that a system can have are those of a cluster."""
    plan = case.plan
    clusters = bool(plan.of(NodePool)) or any(each.hosted_by == "aks" for each in plan.of(Process))
    clusters = clusters or any(each.hosted_by == "aks" for each in plan.of(Temporal))
    for part in case.plan.of(Network):
        if part.bastion and not clusters:
            fix = "vpn=True, by which stores are reached; or a machine of your own beside the system"
            yield Found(part=part, what="bastion=True, and nothing here is a machine", fix=fix)


_STRENGTH = {"off": 0, "detection": 1, "prevention": 2}


@rule(
    "entrances-differ",
    severity="warning",
    family="sound",
    title="A service stands behind two entrances, one of which lets through what the other refuses",
    why="Whoever is refused at the one takes the other: the stricter firewall protects nothing.",
    source=f"{LEARN}web-application-firewall/overview",
    bad="""
from seatrial import System

shop = System("shop")
web = shop.service("web", "serve", port=8000, health="/")
shop.front_door("entrance", routes={"/*": web}, waf="prevention")
shop.application_gateway("side-door", routes={"/*": web}, waf="off")
""",
    good="""
from seatrial import System

shop = System("shop")
web = shop.service("web", "serve", port=8000, health="/")
shop.front_door("entrance", routes={"/*": web}, waf="prevention")
shop.application_gateway("side-door", routes={"/*": web}, waf="prevention")
""",
)
def entrances_differ(case: Case) -> Iterator[Found]:
    for service in case.plan.of(Service):
        before = edges_before(service, case.plan)
        doors = [each for each in before if isinstance(each, FrontDoor | ApplicationGateway)]
        if len({each.waf for each in doors}) > 1:
            said = " and ".join(f'{each.name} with waf="{each.waf}"' for each in doors)
            weakest, *_, strongest = sorted(doors, key=lambda each: _STRENGTH[each.waf])
            fix = f'waf="{strongest.waf}" at {weakest.name}'
            yield Found(part=weakest, what=f"{service.name} answers behind {said}", fix=fix)
