"""Action groups: who is told, and how."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure import secret
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Parameter, Ref, Text
from seatrial.model import Contact

__all__ = ["group", "ref"]

SHORT_NAME = 12
"""The longest short name of an action group, as it stands in messages.
Source: https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups"""


def ref(part: Contact) -> Ref:
    """The action group of some people: one for all regions, so that each is asked once to agree to mail."""
    return Ref(type="Microsoft.Insights/actionGroups", name=part.name)


def group(part: Contact, at: Stamp) -> Resource:
    webhooks = tuple(_webhooks(part))
    return Resource(
        ref=ref(part),
        module="alerts",
        region=at.region,
        symbol=camel(part.name, "contact"),
        why=f"Reaches {part.name}",
        part=part.name,
        location="global",
        body={
            "properties": {
                "groupShortName": part.name[:SHORT_NAME].rstrip("-"),
                "enabled": True,
                "emailReceivers": [
                    {"name": name, "emailAddress": address, "useCommonAlertSchema": True}
                    for name, address in _mails(part, reached=bool(webhooks))
                ],
                "webhookReceivers": [
                    {"name": name, "serviceUri": address, "useCommonAlertSchema": True}
                    for name, address in webhooks
                ],
            }
        },
    )


def _webhooks(part: Contact) -> Iterator[tuple[str, Text]]:
    """PagerDuty's integration for Azure takes what Azure sends.

    Source: https://www.pagerduty.com/docs/guides/azure-integration-guide/
    """
    if part.pagerduty and part.pagerduty.needed:
        yield "pagerduty", secret.value(part.pagerduty.name)


def _mails(part: Contact, *, reached: bool) -> Iterator[tuple[str, Text]]:
    """Addresses. Whoever has no other way to be reached gets mail where the operator says.

    Slack's webhook takes Slack's own form of message only, and answers Azure's with an error. So a channel is
    reached by the mail address that Slack gives it.
    Source: https://api.slack.com/messaging/webhooks and
    https://slack.com/help/articles/206819278-Send-emails-to-Slack
    """
    for number, address in enumerate(part.mail, start=1):
        yield f"mail-{number}", address
    if part.slack and part.slack.needed:
        why = f"The mail address of the Slack channel of {part.name}; its webhook cannot read alerts"
        yield "slack", Parameter(name=camel(part.name, "slack", "mail"), why=why)
    elif not part.mail and not reached:
        yield (
            "mail",
            Parameter(name=camel(part.name, "mail"), why=f"Where {part.name} gets mail about alerts"),
        )
