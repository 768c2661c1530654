"""Will it leak: who may do what, and for how long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from seatrial.azure.values import Expression, plain
from seatrial.check.case import Case
from seatrial.check.reading import each_in, texts_in
from seatrial.check.rule import Found, rule, thing_rule
from seatrial.check.thing import Thing, Things
from seatrial.model import Secret

_WIDE = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
}
"""Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/privileged"""
_ALL_IN = ("resource group", "subscription", "management group", "tenant")


@thing_rule(
    "wide-role",
    types=("Microsoft.Authorization/roleAssignments",),
    severity="error",
    family="leaks",
    title="Somebody is made owner or contributor of a whole resource group or more",
    why="One stolen token then changes or deletes everything in it, and an owner lets in whom he likes.",
    source="https://learn.microsoft.com/azure/role-based-access-control/best-practices",
    bad="""{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
 "contentVersion": "1.0.0.0", "parameters": {"who": {"type": "string"}}, "variables": {"role":
"[subscriptionResourceId('Microsoft.Authorization/roleDefinitions','8e3af657-a8ff-443c-a75c-2fe8c4bcb635')]"},
 "resources": [{"type": "Microsoft.Authorization/roleAssignments", "apiVersion": "2022-04-01", "name": "shop",
  "properties": {"principalId": "[parameters('who')]", "roleDefinitionId": "[variables('role')]"}}]}""",
    good="""{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
 "contentVersion": "1.0.0.0", "parameters": {"who": {"type": "string"}}, "variables": {"role":
"[subscriptionResourceId('Microsoft.Authorization/roleDefinitions','7f951dda-4ed3-4680-a7ca-43fe172d538d')]"},
 "resources": [{"type": "Microsoft.Authorization/roleAssignments", "apiVersion": "2022-04-01", "name": "shop",
  "properties": {"principalId": "[parameters('who')]", "roleDefinitionId": "[variables('role')]"}}]}""",
)
def wide_role(thing: Thing, things: Things) -> Iterator[Found]:
    """Rights with a condition are narrower than their name."""
    role = _WIDE.get((thing.text("properties.roleDefinitionId") or "").rpartition("/")[2].lower())
    if role and thing.about in _ALL_IN and thing.lacks("properties.condition"):
        small = role == "Contributor" and thing.about == "resource group"
        yield Found(
            what=f"{role} of the whole {thing.about}",
            fix="a role for one kind of work, on one resource, as Storage Blob Data Reader on the container",
            severity="warning" if small else None,
        )


@thing_rule(
    "role-with-all-actions",
    types=("Microsoft.Authorization/roleDefinitions",),
    severity="error",
    family="leaks",
    title="A role of one's own allows every action",
    why="It is Owner by another name, which nobody looks for in a list of owners.",
    source="https://learn.microsoft.com/azure/role-based-access-control/custom-roles",
    bad="""{"type": "Microsoft.Authorization/roleDefinitions", "name": "deployer",
 "properties": {"roleName": "Deployer", "permissions": [{"actions": ["*"]}]}}""",
    good="""{"type": "Microsoft.Authorization/roleDefinitions", "name": "deployer",
 "properties": {"roleName": "Deployer", "permissions": [{"actions": ["Microsoft.App/containerApps/*"]}]}}""",
)
def role_with_all_actions(thing: Thing, things: Things) -> Iterator[Found]:
    for each in each_in(thing, "properties.permissions"):
        for kind in ("actions", "dataActions"):
            if "*" in texts_in(each, kind):
                yield Found(what=f'{kind} hold "*"', fix=f'"{kind}": those that the work needs, by name')


_WORK = (
    "Microsoft.App/containerApps",
    "Microsoft.App/jobs",
    "Microsoft.Web/sites",
    "Microsoft.ContainerInstance/containerGroups",
)


@thing_rule(
    "identity-shared-by-all",
    types=("Microsoft.ManagedIdentity/userAssignedIdentities",),
    severity="warning",
    family="leaks",
    title="All processes share one identity",
    why="Each may then do what any of them may, and the log cannot tell which of them did it.",
    source="https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations",
    bad="""[{"type": "Microsoft.ManagedIdentity/userAssignedIdentities", "name": "all"},
 {"type": "Microsoft.App/containerApps", "name": "shop", "identity": {"userAssignedIdentities": {"all": {}}}},
 {"type": "Microsoft.App/containerApps", "name": "desk", "identity": {"userAssignedIdentities": {"all": {}}}},
 {"type": "Microsoft.App/jobs", "name": "night", "identity": {"userAssignedIdentities": {"all": {}}}}]""",
    good="""[{"type": "Microsoft.ManagedIdentity/userAssignedIdentities", "name": "shop"},
 {"type": "Microsoft.ManagedIdentity/userAssignedIdentities", "name": "night"},
 {"type": "Microsoft.App/jobs", "name": "shop", "identity": {"userAssignedIdentities": {"shop": {}}}},
 {"type": "Microsoft.App/jobs", "name": "night", "identity": {"userAssignedIdentities": {"night": {}}}}]""",
)
def identity_shared_by_all(thing: Thing, things: Things) -> Iterator[Found]:
    """From three processes on, when there is no other identity that is the system's own."""
    worn = [_identities(each) for each in things.of(*_WORK)]
    if len(worn) < 3 or len(things.by_type[thing.type.lower()]) > 1:
        return
    counted = Counter(name for names in worn for name in names).most_common(1)
    shared, times = counted[0] if counted else ("", 0)
    if times == len(worn) and shared.rpartition("/")[2] in (thing.called, thing.name):
        yield Found(
            what=f"{times} processes share it, and none has its own", fix="an identity for each process"
        )


def _identities(thing: Thing) -> frozenset[str]:
    """The identities that a process has, as far as they are known."""
    found = thing.at("identity.userAssignedIdentities")
    names = found if isinstance(found, Mapping) else ()
    return frozenset(plain(name, "…") for name in names if isinstance(name, str | Expression))


@rule(
    "secret-never-rotated",
    severity="warning",
    family="leaks",
    title="A secret is never replaced, in a system that replaces others",
    why="Whoever took it once has it for ever, and the plan's rotation looks complete although it is not.",
    source="https://learn.microsoft.com/azure/key-vault/secrets/tutorial-rotation",
    bad="""
from seatrial import System

shop = System("shop")
mail = shop.secret("mail-password", rotate_after="90 days")
bank = shop.secret("bank-token")
shop.worker("packer", "pack", uses=[mail, bank])
""",
    good="""
from seatrial import System

shop = System("shop")
mail = shop.secret("mail-password", rotate_after="90 days")
bank = shop.secret("bank-token", rotate_after="90 days")
shop.worker("packer", "pack", uses=[mail, bank])
""",
)
def secret_never_rotated(case: Case) -> Iterator[Found]:
    secrets = [each for each in case.plan.of(Secret) if each.needed]
    terms = [each.rotate_after for each in secrets if each.rotate_after is not None]
    for each in secrets:
        if terms and each.rotate_after is None:
            replaced = f"{len(terms)} of {len(secrets)} secrets are replaced, the soonest after {min(terms)}"
            yield Found(part=each, what=f"{replaced}; this one never", fix=f'rotate_after="{min(terms)}"')
