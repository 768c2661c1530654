"""What a key vault is charged for: operations. Keeping secrets costs nothing.

Who is given a secret asks again whether there is a newer version: Container Apps every half hour, App Service
every day, a cluster as often as its add-on says, an application gateway every four hours. Secrets that must
be replaced from time to time are replaced by people: the vault only tells that the day comes near, so that
its own renewals, paid by the piece, are not used. There are no keys in it, so no advanced operations either.

Sources: https://azure.microsoft.com/pricing/details/key-vault/,
https://learn.microsoft.com/azure/container-apps/manage-secrets,
https://learn.microsoft.com/azure/app-service/app-service-key-vault-references and
https://learn.microsoft.com/azure/application-gateway/key-vault-certs
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from seatrial.azure import identity
from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.azure.secret import rotating
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Out, Ref
from seatrial.bill.charges import Charge, Free
from seatrial.bill.meters import Meter
from seatrial.bill.range import NOTHING, Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.units import DAYS, many, one_or_more
from seatrial.bill.usage import HOURS
from seatrial.model import ApplicationGateway, Host, Process, Secret, Service, Temporal, Worker

__all__ = ["vault"]

CLUSTERS = "Microsoft.ContainerService/managedClusters"
ASKS: Mapping[Host, Decimal] = {
    "container apps": Decimal(2 * HOURS),
    "app service": DAYS,
    "container instances": Decimal(0),
}
"""In a month, for each secret; those of Container Instances are given when they are deployed."""
GATEWAY = Decimal(HOURS) / 4
_SECONDS = {"s": 1, "m": 60, "h": 3600}
_POLL = 120
"""Seconds between the questions of a cluster that does not say it.
Source: https://learn.microsoft.com/azure/aks/csi-secrets-store-configuration-options"""


def vault(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    """Of the vault of a region, all its secrets together: they cost too little to be told apart."""
    operations, secrets = NOTHING, 0
    for secret in reckoning.graph.of(f"{resource.type}/secrets"):
        if secret.ref.parent == resource.ref:
            operations += _operations(secret, resource, reckoning)
            secrets += 1
    operations += reckoning.figure("deployments") * secrets
    tier = str(Body(resource.body).at("properties.sku.name")).capitalize()
    yield Charge(
        what="operations",
        meter=Meter(
            service="Key Vault", product="Key Vault", name="Operations", sku=tier, region=resource.region
        ),
        quantity=operations,
        formula=f"{many(operations)} operations: {one_or_more(secrets, 'secret')} asked for and deployed",
    )
    if rotating(reckoning.plan):
        yield Free(
            what="replacing secrets",
            why="people do it; the vault tells that it is time, and none of its own renewals is used",
        )


def _operations(secret: Resource, vault: Resource, reckoning: Reckoning) -> Range:
    """In a month, of all who may read one secret in one region."""
    hosts = _hosts(vault.region, reckoning)
    asked = NOTHING
    for right in reckoning.graph.of("Microsoft.Authorization/roleAssignments"):
        if right.scope == secret.ref:
            who = right.body["properties"]["principalId"]
            assert isinstance(who, Out)  # rights are given to identities
            asked += hosts.get(who.of) or reckoning.figure("deployments")
    part = reckoning.part_named(secret.part)
    if not isinstance(part, Secret):
        return asked
    regions = len(reckoning.plan.regions)
    said = reckoning.figure(
        "operations", part, assumed=asked * regions, why="as often as those who use it ask for a newer one"
    )
    return said / regions


def _hosts(region: str, reckoning: Reckoning) -> Mapping[Ref, Range]:
    """How often whoever has an identity in a region asks for one secret. The job that brings a schema up to
    date is not among them: it asks when there is a new version.
    """
    at = Stamp(plan=reckoning.plan, region=region)

    def make() -> Mapping[Ref, Range]:
        found = {}
        for part in reckoning.plan.parts:
            if isinstance(part, Process | Temporal):
                found[identity.ref(part.name, at)] = _asks(part, reckoning)
            elif isinstance(part, ApplicationGateway):
                found[identity.ref(part.name, at)] = exactly(GATEWAY)
        return found

    return reckoning.once(("who asks the vault", region), make)


def _asks(part: Process | Temporal, reckoning: Reckoning) -> Range:
    if part.hosted_by != "aks":
        return exactly(ASKS[part.hosted_by])
    fewest, most = 1, 1
    match part:
        case Service() | Worker():
            fewest, most = part.replicas
        case Temporal():
            fewest = most = part.replicas
        case _:
            pass
    each = Decimal(HOURS * 3600) / _poll(reckoning)
    return Range(Decimal(fewest), Decimal(fewest), Decimal(most)) * each


def _poll(reckoning: Reckoning) -> int:
    """Every pod of a cluster asks so often, in seconds."""
    for cluster in reckoning.graph.of(CLUSTERS):
        add_on = Body(cluster.body).at("properties.addonProfiles.azureKeyvaultSecretsProvider.config")
        said = Body(add_on or {}).at("rotationPollInterval")
        if found := re.fullmatch(r"(\d+)([smh])", str(said)):
            return int(found[1]) * _SECONDS[found[2]]
    return _POLL
