"""Key Vault: one in each region, made only when something needs it.

Values come from parameters that nobody sees, and stand in no file; the vault takes them from Azure's own
deployment although it answers nobody outside the network. Processes read them by identity, each only its own.

A vault cannot rotate a secret that others made: nobody but its maker can make a new one. So a secret with
`rotate_after` is given, with its value, the day by which it must have been replaced. 30 days before it the
vault writes `SecretNearExpiryEventGridNotification` into its audit log, event subscription or none, which an
alert can watch for; after it the secret still answers, so that a forgotten date stops nothing.
Source: https://learn.microsoft.com/azure/key-vault/general/logging,
https://learn.microsoft.com/azure/key-vault/general/event-grid-overview and
https://learn.microsoft.com/azure/key-vault/secrets/about-secrets (date-time controlled operations)
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure import access, counting, identity, private
from seatrial.azure.access import Use
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import OWN_PARAMETERS, Resource
from seatrial.azure.names import camel
from seatrial.azure.stamp import IMAGE_TAG, Stamp
from seatrial.azure.values import Known, Out, Parameter, Ref, Text
from seatrial.model import ApplicationGateway, Plan, Postgres, Process, Secret

__all__ = [
    "password",
    "password_resources",
    "password_right",
    "password_value",
    "read_right",
    "reads_the_vault",
    "ref",
    "resources",
    "rights",
    "rotating",
    "uri",
    "value",
    "vault",
    "vault_resources",
    "wanted",
]


_TAKEN = OWN_PARAMETERS | {IMAGE_TAG.name, "suffix"}
"""Names that the generated files give to something else."""


def vault(at: Stamp) -> Ref:
    """The vault of a region."""
    return Ref(type="Microsoft.KeyVault/vaults", name=at.worldwide(at.plan.name, 24))


def ref(secret: Secret, at: Stamp) -> Ref:
    """A secret in the vault of a region."""
    return vault(at).child("secrets", secret.name)


def password(of: Postgres, at: Stamp) -> Ref:
    """The secret that holds the administrator's password, where users sign in with it."""
    return vault(at).child("secrets", f"{of.name}-password")


def password_value(of: Postgres) -> Parameter:
    """What the operator chooses as that password."""
    return Parameter(
        name=camel(of.name, "password"),
        why=f"The password of the administrator of {of.name}, 8 to 128 characters of three kinds",
        secret=True,
    )


def value(name: str) -> Parameter:
    """The value of a secret, as the operator gives it."""
    return Parameter(name=camel(name), why=f"The value of {name}", secret=True)


def uri(of: Ref) -> Text:
    """The address of a secret, without a version: whoever asks there is given the newest."""
    return Out(of=of, path="properties.secretUri")


def rotating(plan: Plan) -> tuple[Secret, ...]:
    """The secrets that must be replaced from time to time."""
    return tuple(each for each in plan.of(Secret) if each.needed and each.rotate_after is not None)


def wanted(plan: Plan) -> bool:
    """Whether anything needs a vault: a secret, a password, a certificate."""
    return (
        any(each.needed for each in plan.of(Secret))
        or any(each.sign_in == "password" or counting.needs_role(each, plan) for each in plan.of(Postgres))
        or bool(plan.of(ApplicationGateway))
    )


def vault_resources(at: Stamp) -> Iterator[Resource]:
    if not wanted(at.plan):
        return
    yield Resource(
        ref=vault(at),
        module="vault",
        region=at.region,
        symbol="vault",
        why="Holds what nobody may see; roles say who reads what, and what is deleted can be brought back",
        location=at.region,
        body={
            "properties": {
                "tenantId": Known(what="tenant"),
                "sku": {"family": "A", "name": "standard"},
                "enableRbacAuthorization": True,
                "enableSoftDelete": True,
                "softDeleteRetentionInDays": 90,
                "enablePurgeProtection": True,
                "publicNetworkAccess": "Disabled",
                # Azure's own deployments, which put the values in, come as trusted services:
                # https://learn.microsoft.com/azure/key-vault/general/overview-vnet-service-endpoints
                "networkAcls": {"bypass": "AzureServices", "defaultAction": "Deny"},
            }
        },
    )
    zone = "privatelink.vaultcore.azure.net"
    yield from private.endpoint(vault(at), "vault", zone, at, None, "vault", "vault")


def resources(part: Secret, at: Stamp) -> Iterator[Resource]:
    """
    Raises:
        Refused: its parameter would have the name of one that every system has.
    """
    if not part.needed:
        return
    if camel(part.name) in _TAKEN:
        what = f"the parameter {camel(part.name)} is already something else in what is deployed"
        raise Refused([Trouble.about(at.plan, part.name, what, f'call it "{part.name}-key"')])
    attributes: dict[str, object] = {"enabled": True}
    if part.rotate_after is not None:
        attributes["exp"] = Parameter(
            name=camel(part.name, "expires"),
            why=(
                f"When {part.name} must have been replaced, in seconds since 1970: "
                f"the day it was made plus {part.rotate_after}"
            ),
            kind="int",
        )
    yield _secret(ref(part, at), value(part.name), attributes, at, part.name, "for those who use it")


def password_resources(of: Postgres, at: Stamp) -> Iterator[Resource]:
    """The password of a server in the vault, and the right of the job that brings its schema up to date."""
    if of.sign_in != "password":
        return
    held = password(of, at)
    yield _secret(held, password_value(of), {"enabled": True}, at, of.name, "for those who sign in")
    if of.migrate is not None:
        yield password_right(of, identity.migration(of), at)


def rights(part: Secret, use: Use, process: Process, at: Stamp) -> Iterator[Resource]:
    """What a process may do with it: read this secret, and no other."""
    if part.needed and reads_the_vault(process):
        yield read_right(ref(part, at), process.name, at, part.name)


def reads_the_vault(process: Process) -> bool:
    """Whether secrets reach a process out of the vault; Container Instances are given them when deployed."""
    return process.hosted_by != "container instances"


def password_right(of: Postgres, identity: str, at: Stamp) -> Resource:
    """The right of an identity to read the password of a server."""
    return read_right(password(of, at), identity, at, of.name)


def read_right(secret: Ref, identity: str, at: Stamp, part: str) -> Resource:
    """The right of an identity to read one secret."""
    why = f"{identity} reads {secret.name}, and no other secret"
    return access.assign("Key Vault Secrets User", secret, identity, at, why, part)


def _secret(
    secret: Ref, value: Parameter, attributes: dict[str, object], at: Stamp, part: str, whom: str
) -> Resource:
    return Resource(
        ref=secret,
        module="vault",
        region=at.region,
        symbol=camel(str(secret.name), "secret"),
        why=f"Keeps {secret.name} {whom}",
        part=part,
        body={
            "properties": {"value": value, "contentType": "text/plain", "attributes": attributes},
        },
    )
