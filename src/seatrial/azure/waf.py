"""Web application firewalls: the rules before Front Door and before an application gateway."""

from __future__ import annotations

from math import ceil
from typing import Any

from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel, squeezed
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Ref
from seatrial.model import ApplicationGateway, FrontDoor, Rate

__all__ = ["before_front_door", "before_gateway", "front_door_policy", "gateway_policy"]

LEAST_LIMIT = 10
"""The fewest requests in a window that Front Door counts.
Source: https://learn.microsoft.com/azure/web-application-firewall/afds/waf-front-door-rate-limit-configure"""

LARGEST_FILE_MB, LARGEST_BODY_KB = 100, 128
"""What an application gateway takes: of files, and of requests without. These are its defaults.
Source: https://learn.microsoft.com/azure/web-application-firewall/ag/application-gateway-waf-request-size-limits
"""


def before_front_door(part: FrontDoor, at: Stamp) -> Ref:
    """The policy of a Front Door. Its name has letters and digits only."""
    name = squeezed(at.plan.name + part.name, 125) + "waf"
    return Ref(type="Microsoft.Network/FrontDoorWebApplicationFirewallPolicies", name=name)


def before_gateway(part: ApplicationGateway, at: Stamp) -> Ref:
    """The policy of an application gateway."""
    kind = "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies"
    return Ref(type=kind, name=at.name(f"{part.name}-waf"))


def front_door_policy(part: FrontDoor, at: Stamp) -> Resource:
    """Microsoft's rules, which come with the premium tier only, and the limit for one address.

    Source: https://learn.microsoft.com/azure/web-application-firewall/afds/afds-overview
    Raises:
        Refused: the limit is lower than Front Door counts.
    """
    managed = part.tier == "premium"
    return Resource(
        ref=before_front_door(part, at),
        module="edge",
        region=at.region,
        symbol=camel(part.name, "firewall"),
        why=_why(part.waf, "what looks like an attack" if managed else "more than one address may ask"),
        part=part.name,
        location="global",
        body={
            "sku": {"name": f"{part.tier.capitalize()}_AzureFrontDoor"},
            "properties": {
                "policySettings": {
                    "enabledState": "Enabled",
                    "mode": part.waf.capitalize(),
                    "requestBodyCheck": "Enabled",
                },
                "customRules": {"rules": [_limit(part.limit, part, at)] if part.limit else []},
                **({"managedRules": {"managedRuleSets": _MANAGED}} if managed else {}),
            },
        },
    )


_MANAGED = [
    {"ruleSetType": "Microsoft_DefaultRuleSet", "ruleSetVersion": "2.1", "ruleSetAction": "Block"},
    {"ruleSetType": "Microsoft_BotManagerRuleSet", "ruleSetVersion": "1.1", "ruleSetAction": "Block"},
]
"""Source: https://learn.microsoft.com/azure/web-application-firewall/afds/waf-front-door-drs"""


def _limit(limit: Rate, part: FrontDoor, at: Stamp) -> dict[str, Any]:
    """So many of one address in a minute; in five, for a limit too low to be counted in one."""
    a_minute = limit.per_second * 60
    minutes = 1 if a_minute >= LEAST_LIMIT else 5
    requests = ceil(a_minute * minutes)
    if requests < LEAST_LIMIT:
        what = f'limit="{limit}": {requests} in 5 min, where Front Door counts {LEAST_LIMIT} at least'
        hint = f'write limit="{LEAST_LIMIT // 5}/min" or more'
        raise Refused([Trouble.about(at.plan, part.name, what, hint)])
    return {
        "name": "limit",
        "ruleType": "RateLimitRule",
        "priority": 100,
        "enabledState": "Enabled",
        "rateLimitDurationInMinutes": minutes,
        "rateLimitThreshold": requests,
        "groupBy": [{"variableName": "SocketAddr"}],
        "matchConditions": [
            {
                "matchVariable": "SocketAddr",
                "operator": "IPMatch",
                "negateCondition": False,
                "matchValue": ["0.0.0.0/0", "::/0"],
            }
        ],
        "action": "Block",
    }


def gateway_policy(part: ApplicationGateway, at: Stamp) -> Resource:
    """Microsoft's rules for known attacks and for bots."""
    return Resource(
        ref=before_gateway(part, at),
        module="edge",
        region=at.region,
        symbol=camel(part.name, "firewall"),
        why=_why(part.waf, "what looks like an attack"),
        part=part.name,
        location=at.region,
        body={
            "properties": {
                "policySettings": {
                    "state": "Enabled",
                    "mode": part.waf.capitalize(),
                    "requestBodyCheck": True,
                    "maxRequestBodySizeInKb": LARGEST_BODY_KB,
                    "fileUploadLimitInMb": LARGEST_FILE_MB,
                },
                "managedRules": {
                    # https://learn.microsoft.com/azure/web-application-firewall/ag/
                    # application-gateway-crs-rulegroups-rules
                    "managedRuleSets": [
                        {"ruleSetType": "Microsoft_DefaultRuleSet", "ruleSetVersion": "2.1"},
                        {"ruleSetType": "Microsoft_BotManagerRuleSet", "ruleSetVersion": "1.1"},
                    ]
                },
            }
        },
    )


def _why(waf: str, what: str) -> str:
    return f"Refuses {what}" if waf == "prevention" else f"Takes note of {what}, and refuses nothing"
