"""What could be cheaper about the ways in."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.bill.savings.change import COMFORT, RESILIENCE, SECURITY, Change, Edit, offered
from seatrial.model import ApiManagement, ApplicationGateway, FrontDoor, Plan, Service

__all__ = ["of_api_management", "of_application_gateway", "of_front_door"]


def of_front_door(part: FrontDoor, plan: Plan) -> Iterator[Change]:
    """The lesser tier; and none, before a service that answers the world by itself.

    Source: https://learn.microsoft.com/azure/frontdoor/standard-premium/tier-comparison
    """
    if part.tier == "premium":
        private = "private ways to what answers, which is then reached at public addresses"
        rules = "" if part.waf == "off" else "Microsoft's firewall rules, its protection from bots, and "
        yield offered(
            part,
            plan,
            what=f"Front Door {part.name} of the standard tier",
            gives_up=_capital(rules + private),
            weight=SECURITY,
            tier="standard",
        )
    targets = list(dict.fromkeys(part.routes.values()))
    if len(targets) == 1 and isinstance(targets[0], Service) and targets[0].public and not part.domain:
        lost = [
            *(["the firewall"] if part.waf != "off" else []),
            *([f"the limit of {part.limit} for one address"] if part.limit else []),
            *(["the cache near to whoever asks"] if part.cache else []),
        ]
        gone = "; ".join(["Another address", *([f"{_listed(lost)} {_are(lost)} gone"] if lost else [])])
        yield Change(
            what=f"No Front Door {part.name}: {targets[0].name} answers the world itself",
            gives_up=gone,
            weight=SECURITY if part.waf != "off" or part.limit else COMFORT,
            base=plan,
            edits=(Edit(part=part.name, left_out=True),),
        )


def of_application_gateway(part: ApplicationGateway, plan: Plan) -> Iterator[Change]:
    """Source: https://learn.microsoft.com/azure/application-gateway/application-gateway-autoscaling-zone-redundant"""
    fewest, most = part.capacity
    if fewest:
        yield offered(
            part,
            plan,
            what=f"No instance of Application Gateway {part.name} held ready",
            gives_up="It grows only when there is traffic, which takes some minutes; now "
            f"{fewest} {'is' if fewest == 1 else 'are'} always there",
            weight=COMFORT,
            capacity=(0, most),
        )
    if part.waf != "off":
        yield offered(
            part,
            plan,
            what=f"Application Gateway {part.name} without a firewall",
            gives_up="Attacks on what answers are neither seen nor refused",
            weight=SECURITY,
            waf="off",
        )


def of_api_management(part: ApiManagement, plan: Plan) -> Iterator[Change]:
    """Source: https://learn.microsoft.com/azure/api-management/api-management-features"""
    if part.tier in ("standard v2", "premium"):
        yield offered(
            part,
            plan,
            what=f"API Management {part.name} of the basic v2 tier",
            gives_up="No private way from the gateway to the services, which then answer at public "
            "addresses; meant for development and tests",
            weight=SECURITY,
            tier="basic v2",
        )
    if part.tier == "premium":
        yield offered(
            part,
            plan,
            what=f"API Management {part.name} of the standard v2 tier",
            gives_up="The gateway itself has a public address, and stands in one zone and region",
            weight=SECURITY,
            tier="standard v2",
        )
    if part.units > 1:
        yield offered(
            part,
            plan,
            what=f"One unit of {part.name}, instead of {part.units}",
            gives_up=f"1/{part.units} of the calls a second, and nothing beside it when it fails",
            weight=RESILIENCE,
            units=1,
        )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _are(words: list[str]) -> str:
    return "is" if len(words) == 1 else "are"
