"""Will Azure take it: what a template makes at once, too early, or differently each time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.azure.values import Expression, expressions, plain
from seatrial.check.reading import each_in, text
from seatrial.check.rule import Found, thing_rule
from seatrial.check.template_expressions import Unknown
from seatrial.check.thing import Thing, Things, Turn, raw_at

APP = "Microsoft.App/containerApps"

_ONE_AT_A_TIME: Mapping[str, str] = {
    "Microsoft.CognitiveServices/accounts/deployments": "an account takes one model at a time",
    "Microsoft.DBforPostgreSQL/flexibleServers/configurations": "a server takes one setting at a time",
    "Microsoft.Network/virtualNetworks/subnets": "a network takes one change of its subnets at a time",
}
_PRINCIPAL = "reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'shop')).principalId"


def _template(*resources: str) -> str:
    return "".join(
        [
            '{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",\n',
            ' "contentVersion": "1.0.0.0", "resources": [\n  ',
            ",\n  ".join(resources),
            "]}",
        ]
    )


def _model(name: str, after: str = "") -> str:
    return (
        f'{{"type": "Microsoft.CognitiveServices/accounts/deployments", "name": "shop/{name}",\n'
        f'   "apiVersion": "2025-06-01", "sku": {{"name": "GlobalStandard", "capacity": 10}}{after}}}'
    )


def _right(more: str = "") -> str:
    return (
        '{"type": "Microsoft.Authorization/roleAssignments", "apiVersion": "2022-04-01",\n'
        '   "name": "[guid(\'shop\')]", "properties": {'
        f'{more}"principalId":\n   "[{_PRINCIPAL}]"}}}}'
    )


@thing_rule(
    "made-at-once",
    types=tuple(_ONE_AT_A_TIME),
    severity="error",
    family="takes",
    title="A template makes at once what its parent takes only one by one",
    why="Azure makes all at once that does not wait for another; the parent is busy with the first and"
    " refuses the second.",
    source="https://github.com/Azure/azure-dev/issues/9398",
    bad=_template(_model("chat"), _model("words")),
    good=_template(_model("chat"), _model("words", after=',\n   "dependsOn": ["shop/chat"]')),
)
def made_at_once(thing: Thing, things: Things) -> Iterator[Found]:
    """Read of templates only, each deployment by itself: two deployments may wait for each other.

    Subnets fail now and then only. Source of the other two: github.com/Azure/ResourceModules/issues/3324
    (settings), https://learn.microsoft.com/azure/azure-resource-manager/bicep/scenarios-virtual-networks.
    """
    if thing.turn is None or thing.turn.one_by_one:
        return
    parent = thing.name.rpartition("/")[0].lower()
    for other in things.of(thing.type):
        if other is thing:
            return  # told of the later one of two
        together = other.turn is not None and other.turn.deployment == thing.turn.deployment
        if together and other.name.rpartition("/")[0].lower() == parent and not _known_apart(thing, other):
            if _waits(thing, other, things) or _waits(other, thing, things):
                continue
            why = next(words for kind, words in _ONE_AT_A_TIME.items() if kind.lower() == thing.type.lower())
            yield Found(
                what=f"{thing.called} does not wait for {other.called}, and {why}",
                fix=f"\"dependsOn\": [\"[resourceId('{thing.type}', …, '{other.called}')]\"]",
                severity="warning" if thing.type.lower().endswith("/subnets") else None,
            )
            return


def _known_apart(one: Thing, other: Thing) -> bool:
    """Whether the two cannot be judged: of the same place in a loop whose names nobody knows."""
    return one.place is not None and one.place == other.place and "…" in one.called


def _waits(later: Thing, first: Thing, things: Things) -> bool:
    """Whether the one waits for the other, for something that does, or for what is not known."""
    seen: set[int] = set()
    waiting = [later]
    while waiting:
        each = waiting.pop()
        if id(each) in seen or each.turn is None:
            continue
        seen.add(id(each))
        for named in each.turn.after:
            if named.endswith(("…", "}")) or _names(named, first):
                return True
            waiting += [
                other
                for other in things.all
                if other.turn is not None
                and other.turn.deployment == each.turn.deployment
                and _names(named, other)
            ]
    return False


def _names(named: str, thing: Thing) -> bool:
    """An id or a name ends with the resource's own name; a symbolic name is all of it."""
    turn = thing.turn or Turn(deployment=0)
    return named == turn.symbol or named.rpartition("/")[2].lower() == thing.called.lower()


# -- too early --------------------------------------------------------------------------------------------


@thing_rule(
    "right-before-principal",
    types=("Microsoft.Authorization/roleAssignments",),
    severity="warning",
    family="takes",
    title="A right is given to an identity that the directory may not know yet",
    why="A new identity takes a while to be known everywhere: the first deployment fails now and then, and"
    " the second one does not.",
    source="https://learn.microsoft.com/azure/role-based-access-control/role-assignments-template",
    bad=_template(_right()),
    good=_template(_right('"principalType": "ServicePrincipal", ')),
)
def right_before_principal(thing: Thing, things: Things) -> Iterator[Found]:
    """Of identities that the template itself refers to; one that is handed in was there before."""
    principal = raw_at(thing.body, "properties.principalId")
    made_here = isinstance(principal, Unknown) and "reference(" in principal.text
    if made_here and not thing.says("properties.principalType"):
        fix = '"principalType": "ServicePrincipal"'
        yield Found(what="nothing says what kind of principal it is, so Azure looks it up", fix=fix)


@thing_rule(
    "image-before-right",
    types=(APP, "Microsoft.App/jobs"),
    severity="warning",
    family="takes",
    title="An app pulls its first image as an identity that does not exist before the app",
    why="The right to pull can only be given once the app is there, and the app is there once it has pulled:"
    " the first deployment waits until it is given up.",
    source="https://learn.microsoft.com/azure/container-apps/managed-identity-image-pull",
    bad="""{"type": "Microsoft.App/containerApps", "name": "shop", "identity": {"type": "SystemAssigned"},
 "properties": {
  "configuration": {"registries": [{"server": "shop.azurecr.io", "identity": "system"}]},
  "template": {"containers": [{"name": "shop", "image": "shop.azurecr.io/shop:1.2"}]}}}""",
    good="""{"type": "Microsoft.App/containerApps", "name": "shop", "identity": {"type": "UserAssigned"},
 "properties": {
  "configuration": {"registries": [{"server": "shop.azurecr.io", "identity": "[parameters('puller')]"}]},
  "template": {"containers": [{"name": "shop", "image": "shop.azurecr.io/shop:1.2"}]}}}""",
)
def image_before_right(thing: Thing, things: Things) -> Iterator[Found]:
    """Not where the first image comes from elsewhere, as from Microsoft's own registry."""
    containers = raw_at(thing.body, "properties.template.containers")
    images = [
        plain(image, "…")
        for each in (containers if isinstance(containers, list | tuple) else ())
        if isinstance(image := raw_at(each, "image"), str | Expression)
    ]
    for registry in each_in(thing, "properties.configuration.registries"):
        if text(registry, "identity").lower() != "system":
            continue
        server = text(registry, "server")
        for image in images:
            host = image.partition("/")[0]
            if host == server or (not server and host.endswith((".azurecr.io", "…"))):
                yield Found(
                    what=f"{image} is pulled as the identity of the app itself",
                    fix='"identity": "…", the id of a user-assigned identity that has AcrPull before',
                )


# -- names that lead nowhere ------------------------------------------------------------------------------

_ZONES: Mapping[str, str] = {
    "privatelink.vault.azure.net": "privatelink.vaultcore.azure.net",
    "privatelink.azurecontainerregistry.io": "privatelink.azurecr.io",
    "privatelink.postgresql.database.azure.com": "privatelink.postgres.database.azure.com",
    "privatelink.servicebus.azure.net": "privatelink.servicebus.windows.net",
    "privatelink.cosmos.azure.com": "privatelink.documents.azure.com",
    "privatelink.blob.azure.com": "privatelink.blob.core.windows.net",
    "privatelink.blob.windows.net": "privatelink.blob.core.windows.net",
}


@thing_rule(
    "private-zone-misnamed",
    types=("Microsoft.Network/privateDnsZones",),
    severity="error",
    family="takes",
    title="A zone for private names is not called what Azure asks for",
    why="Azure takes it, writes no address into it and says nothing: the service's name leads to its public"
    " address, where nobody is let in.",
    source="https://learn.microsoft.com/azure/private-link/private-endpoint-dns",
    bad="""{"type": "Microsoft.Network/privateDnsZones", "name": "privatelink.vault.azure.net",
 "location": "global"}""",
    good="""{"type": "Microsoft.Network/privateDnsZones", "name": "privatelink.vaultcore.azure.net",
 "location": "global"}""",
)
def private_zone_misnamed(thing: Thing, things: Things) -> Iterator[Found]:
    right = _ZONES.get(thing.name.lower())
    if right is not None:
        yield Found(what=f"no service of Azure has its names in {thing.name}", fix=f'"name": "{right}"')


# -- differently each time --------------------------------------------------------------------------------


@thing_rule(
    "budget-start-moves",
    types=("Microsoft.Consumption/budgets",),
    severity="error",
    family="takes",
    title="A budget begins on the day of its deployment",
    why="The first day of a budget can never be changed: the next month's deployment is refused as a whole.",
    source="https://github.com/jpsnover/ai-triad-research/pull/1697",
    bad=_template(
        '{"type": "Microsoft.Consumption/budgets", "apiVersion": "2024-08-01", "name": "month",\n'
        '   "properties": {"amount": 100, "category": "Cost", "timeGrain": "Monthly",\n'
        '   "timePeriod": {"startDate": "[utcNow(\'yyyy-MM-01\')]"}}}'
    ),
    good=_template(
        '{"type": "Microsoft.Consumption/budgets", "apiVersion": "2024-08-01", "name": "month",\n'
        '   "properties": {"amount": 100, "category": "Cost", "timeGrain": "Monthly",\n'
        '   "timePeriod": {"startDate": "2026-11-01"}}}'
    ),
)
def budget_start_moves(thing: Thing, things: Things) -> Iterator[Found]:
    """Azure takes `utcNow()` in defaults of parameters only; that comes to the same."""
    start = raw_at(thing.body, "properties.timePeriod.startDate")
    pieces = [each.text for each in expressions(start) if isinstance(each, Unknown)]
    if any("utcnow(" in each.lower() for each in pieces):
        yield Found(
            what="its first day is that of the deployment",
            fix='"startDate": "2026-11-01", the month in which it was first deployed',
        )
