"""The environment of Container Apps: one in each region, in the tier `apps` of its network."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure import network
from seatrial.azure.container_sizes import profiles
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.reach import exposure, linked_apps, needs_container_apps, users_of
from seatrial.azure.regions import has_zones
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Ref
from seatrial.model import Plan, Process, Service

__all__ = ["environment", "has_public_address", "resources", "seen_outside"]


def environment(at: Stamp) -> Ref:
    """The environment of a region."""
    return Ref(type="Microsoft.App/managedEnvironments", name=at.name(at.plan.name))


def has_public_address(plan: Plan) -> bool:
    """Whether the world reaches anything in the environment; else it has no public address.

    Source: https://learn.microsoft.com/azure/container-apps/networking#accessibility-level
    """
    return any(exposure(each, plan) == "world" for each in _services(plan))


def seen_outside(service: Service, plan: Plan) -> bool:
    """Whether somebody outside of the environment reaches a service: the world, an edge, another host."""
    return exposure(service, plan) != "inside" or any(
        user.hosted_by != "container apps" for user in users_of(service, plan)
    )


def resources(at: Stamp) -> Iterator[Resource]:
    """The environment, where anything runs in it.

    Raises:
        Refused: the world reaches one service directly, and another by an edge only.
    """
    plan = at.plan
    if not needs_container_apps(plan):
        return
    public = has_public_address(plan)
    if public and (troubles := tuple(_at_both_doors(plan))):
        raise Refused(troubles)
    here = (each for each in plan.of(Process) if each.hosted_by == "container apps")
    yield Resource(
        ref=environment(at),
        module="compute",
        region=at.region,
        symbol="containerEnvironment",
        why=(
            "Runs the containers, in the network, "
            + ("and answers the world" if public else "and has no public address")
            + "; what goes from one to another is encrypted"
        ),
        location=at.region,
        body={
            "properties": {
                "vnetConfiguration": {
                    "infrastructureSubnetId": Id(of=network.subnet("apps", at)),
                    "internal": not public and not linked_apps(plan),
                },
                "publicNetworkAccess": "Enabled" if public else "Disabled",
                "zoneRedundant": has_zones(at.region),
                "workloadProfiles": [each.body for each in profiles(here)],
                # Carried by the diagnostic setting, which needs no key of the workspace
                "appLogsConfiguration": {"destination": "azure-monitor"},
                "peerTrafficConfiguration": {"encryption": {"enabled": True}},
            }
        },
    )


def _services(plan: Plan) -> Iterator[Service]:
    return (each for each in plan.of(Service) if each.hosted_by == "container apps")


def _at_both_doors(plan: Plan) -> Iterator[Trouble]:
    """An environment that answers the world answers it for every service that is seen outside."""
    world = ", ".join(each.name for each in _services(plan) if exposure(each, plan) == "world")
    for service in _services(plan):
        if exposure(service, plan) != "world" and seen_outside(service, plan):
            what = f"would answer the whole world, as {world} in the same environment does"
            hint = "lead the world to all of them by an edge that reaches privately, or to each directly"
            yield Trouble.about(plan, service.name, what, hint)
