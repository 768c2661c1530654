"""Will it leak: passwords and keys that stand where many can read them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.azure.values import Expression, expressions, plain
from seatrial.check.reading import text
from seatrial.check.rule import Found, refusal, thing_rule
from seatrial.check.thing import Thing, Things, raw_at

refusal(
    "secret-in-system-file",
    family="leaks",
    title="A secret stands in the system file",
    why="Who reads the repository, now or in its history, reads the secret.",
    source="https://learn.microsoft.com/azure/security/fundamentals/secrets-best-practices",
    matches=r"a secret does not stand in a system file",
    bad="""
from seatrial import System

shop = System("shop")
shop.worker("packer", "pack", env={"MAIL_PASSWORD": "winter2026"})
""",
    good="""
from seatrial import System

shop = System("shop")
mail = shop.secret("mail-password")
shop.worker("packer", "pack", uses=[mail])
""",
)

_SETTINGS: Mapping[str, tuple[str, ...]] = {
    "Microsoft.App/containerApps": (
        "properties.template.containers.*.env",
        "properties.template.initContainers.*.env",
    ),
    "Microsoft.App/jobs": ("properties.template.containers.*.env",),
    "Microsoft.App/sessionPools": ("properties.customContainerTemplate.containers.*.env",),
    "Microsoft.ContainerInstance/containerGroups": (
        "properties.containers.*.properties.environmentVariables",
    ),
    "Microsoft.Web/sites": ("properties.siteConfig.appSettings", "properties.siteConfig.connectionStrings"),
    "Microsoft.Web/sites/slots": ("properties.siteConfig.appSettings",),
    "Microsoft.Web/sites/config": ("properties",),
    "Microsoft.Web/sites/slots/config": ("properties",),
    "Microsoft.Web/staticSites/config": ("properties",),
}
"""Where the settings of a process stand, by type: a list of names and values, or an object of them."""

_SECRET_NAME = re.compile(
    r"(?<![a-z])(?!.*(?:PUBLIC|PARTITION|SORT|PRIMARY|ROUTING|CACHE|INSTRUMENTATION)_?KEY)"
    r"(?:.*_)?(?:.*(?:PASSWORD|PASSWD|PWD|SECRET|CREDENTIALS?|API_?KEY|ACCESS_?KEY|ACCOUNT_?KEY)|TOKEN|KEY)$",
    re.IGNORECASE,
)
_NO_SECRET = re.compile(
    r"\s*$|true$|false$|\d+$|@Microsoft\.KeyVault\(|PrivateSettingsRef:|/|https?://[^@]*$|[<$%{]",
    re.IGNORECASE,
)
"""Values under such a name that are none: switches, numbers, references, paths, addresses, gaps."""


@thing_rule(
    "secret-in-environment",
    types=tuple(_SETTINGS),
    severity="error",
    family="leaks",
    title="A password or key is given to a process as a plain setting",
    why="Whoever may look at the resource, its history or its template reads it.",
    source="https://learn.microsoft.com/azure/container-apps/manage-secrets",
    bad="""{"type": "Microsoft.App/containerApps", "name": "shop", "properties": {"template": {"containers": [
 {"name": "shop", "env": [{"name": "MAIL_PASSWORD", "value": "winter2026"}]}]}}}""",
    good="""{"type": "Microsoft.App/containerApps", "name": "shop", "properties": {
 "configuration": {"secrets": [{"name": "mail-password",
  "keyVaultUrl": "https://shop.vault.azure.net/secrets/mail-password", "identity": "system"}]},
 "template": {"containers": [
  {"name": "shop", "env": [{"name": "MAIL_PASSWORD", "secretRef": "mail-password"}]}]}}}""",
)
def secret_in_environment(thing: Thing, things: Things) -> Iterator[Found]:
    """Literal values under a telling name; and keys that the template looks up, under any name."""
    for name, value in settings(thing):
        literal = isinstance(value, str) and _SECRET_NAME.match(name) and not _NO_SECRET.match(value)
        looked_up = any(getattr(each, "secret", False) for each in expressions(value))
        if literal or looked_up:
            how = "stands in the text" if literal else "is put in plainly when deployed"
            yield Found(
                what=f"the value of {name} {how}",
                fix=f'{{"name": "{name}", "secretRef": "…"}} in Container Apps, "secureValue" in Container '
                "Instances, @Microsoft.KeyVault(SecretUri=…) in App Service",
                severity=None if literal else "warning",
            )


def settings(thing: Thing) -> Iterator[tuple[str, Any]]:
    """Names and values, those that only the deployment knows too."""
    paths = next(found for type, found in _SETTINGS.items() if type.lower() == thing.type.lower())
    for path in paths:
        for place in _places(thing.body, path):
            if isinstance(place, Mapping):
                if thing.called in ("appsettings", "connectionstrings"):
                    yield from ((str(name), _value(each)) for name, each in place.items())
            elif isinstance(place, list | tuple):
                for each in place:
                    if isinstance(each, Mapping) and isinstance(each.get("name"), str):
                        yield each["name"], each.get("value", each.get("connectionString"))


def _value(setting: Any) -> Any:
    """Connection strings are objects with a value."""
    return setting.get("value") if isinstance(setting, Mapping) else setting


def _places(body: Any, path: str) -> Iterator[Any]:
    before, star, after = path.partition(".*.")
    found = raw_at(body, before)
    if not star:
        yield found
    elif isinstance(found, list | tuple):
        for each in found:
            yield from _places(each, after)


# -- anywhere in a resource -------------------------------------------------------------------------------

_SECRET_PROPERTY = re.compile(
    r"(?:.*password|passphrase|secureValue|clientSecret|secret|sharedKey|.*accountKey|.*accessKey)$",
    re.IGNORECASE,
)
_HOLDERS = (
    "microsoft.keyvault/vaults/secrets",
    "microsoft.app/containerapps",
    "microsoft.app/jobs",
    "microsoft.apimanagement/service/namedvalues",
)
"""Where a secret is kept under the plain name `value`."""

_CREDENTIALS = re.compile(
    r"://[^/@\s:…{}<>$]*:[^/@\s…{}<>$]+@"
    r"|(?:password|pwd|accountkey|sharedaccesskey)\s*=\s*[^=;\s\"'…{}<>$&|()][^;\s\"'…{}<>$&|()]{3,}",
    re.IGNORECASE,
)
"""In an address or connection string; gaps to be filled are none."""


@thing_rule(
    "secret-written-down",
    types=("*",),
    severity="error",
    family="leaks",
    title="A password or key is written in the template",
    why="Who reads the repository, now or in its history, or the log of deployments, reads it.",
    source="https://learn.microsoft.com/azure/azure-resource-manager/templates/best-practices",
    bad="""{"type": "Microsoft.Sql/servers", "name": "orders",
 "properties": {"administratorLoginPassword": "Winter2026!"}}""",
    good="""{"type": "Microsoft.Sql/servers", "name": "orders", "properties": {
 "administrators": {"azureADOnlyAuthentication": true}}}""",
)
def secret_written_down(thing: Thing, things: Things) -> Iterator[Found]:
    """Literal values of telling properties, and credentials inside of addresses and connection strings."""
    for path, key, value in _texts(thing.body, ""):
        kept = key == "value" and thing.type.lower() in _HOLDERS and _is_kept(thing, path)
        if isinstance(value, str) and value.strip() and (kept or _SECRET_PROPERTY.match(key)):
            if not _NO_SECRET.match(value):
                yield Found(what=f"the value of {path} stands in the text", fix=_INSTEAD)
        elif found := _credentials(plain(value, "…")):
            where = "an address" if found[0].startswith("://") else "a connection string"
            yield Found(what=f"{path} holds {where} with its password", fix=_INSTEAD)


def _credentials(text: str) -> re.Match[str] | None:
    """What looks like a password inside of a text; most texts cannot hold one and are passed over."""
    return _CREDENTIALS.search(text) if "=" in text or "@" in text else None


_INSTEAD = "a securestring parameter without a default, or an identity instead of a password"


def _is_kept(thing: Thing, path: str) -> bool:
    """A named value of API Management says whether it is one."""
    if thing.type.lower() == _HOLDERS[-1] and thing.at("properties.secret") is not True:
        return False
    return path == "properties.value" or path.startswith("properties.configuration.secrets.")


def _texts(body: Any, path: str) -> Iterator[tuple[str, str, str | Expression]]:
    """Each text with its path and the name of its property."""
    if isinstance(body, Mapping):
        for name, each in body.items():
            if isinstance(name, str):
                key = f"{path}.{name}" if path else name
                if isinstance(each, str | Expression):
                    yield key, name, each
                else:
                    yield from _texts(each, key)
    elif isinstance(body, list | tuple):
        for index, each in enumerate(body):
            if isinstance(each, str | Expression):
                yield f"{path}.{index}", "", each
            else:
                yield from _texts(each, f"{path}.{index}")


# -- parameters and outputs of templates ------------------------------------------------------------------


@thing_rule(
    "secret-parameter-default",
    types=("template/parameter",),
    severity="error",
    family="leaks",
    title="A secret parameter has its value in the template, or in a file of parameters",
    why="Who reads the repository reads it, and whoever deploys takes the same password again.",
    source="https://learn.microsoft.com/azure/azure-resource-manager/templates/best-practices",
    bad="""{"type": "template/parameter", "name": "adminPassword", "kind": "securestring",
 "defaultValue": "Winter2026!"}""",
    good="""{"type": "template/parameter", "name": "adminPassword", "kind": "securestring"}""",
)
def secret_parameter_default(thing: Thing, things: Things) -> Iterator[Found]:
    """Empty defaults are none; `GEN-…` is filled in by those who test quickstart templates."""
    if thing.at("kind") not in ("securestring", "secureobject"):
        return
    for where, words in (("defaultValue", "its default"), ("given", "its answer in the file of parameters")):
        value = thing.at(where)
        if value and not (isinstance(value, str) and (value.startswith("GEN-") or _NO_SECRET.match(value))):
            yield Found(
                what=f"{words} stands in the text", fix="no default; a reference to a vault as its answer"
            )


_TELLING = re.compile(
    r"(?!.*public).*(?:password|secret|token|connectionString|(?:api|access|account)Key)$", re.IGNORECASE
)


@thing_rule(
    "secret-parameter-shown",
    types=("template/parameter",),
    severity="warning",
    family="leaks",
    title="A parameter takes a secret as plain text",
    why="What is given to a plain parameter stands in the history of deployments, for every reader to see.",
    source="https://learn.microsoft.com/azure/azure-resource-manager/templates/data-types",
    bad="""{"type": "template/parameter", "name": "adminPassword", "kind": "string"}""",
    good="""{"type": "template/parameter", "name": "adminPassword", "kind": "securestring"}""",
)
def secret_parameter_shown(thing: Thing, things: Things) -> Iterator[Found]:
    if thing.at("kind") == "string" and _TELLING.match(thing.name):
        yield Found(what="by its name a secret, by its type plain text", fix='"type": "securestring"')


@thing_rule(
    "secret-in-output",
    types=("template/output",),
    severity="error",
    family="leaks",
    title="A deployment tells a secret as its output",
    why="Outputs stand in the history of deployments, which every reader of the resource group sees.",
    source="https://learn.microsoft.com/azure/azure-resource-manager/templates/best-practices",
    bad="""{"type": "template/output", "name": "key", "kind": "string", "secret": true}""",
    good="""{"type": "template/output", "name": "account", "kind": "string", "secret": false}""",
)
def secret_in_output(thing: Thing, things: Things) -> Iterator[Found]:
    """Secure outputs are not kept."""
    if thing.at("secret") is True and text(thing, "kind") not in ("securestring", "secureobject"):
        yield Found(
            what="a key or password is among its outputs", fix="take it out; look it up where it is used"
        )
