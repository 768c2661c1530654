"""Will Azure take it: what containers ask for, the images they run and the secrets they read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from seatrial.azure.body import Body
from seatrial.check.reading import each_in, size, text
from seatrial.check.rule import Found, thing_rule
from seatrial.check.rules.takes_container_apps import APP, CONTAINERS, GROUP, JOB, POOL, app
from seatrial.check.thing import Thing, Things

# -- containers and images ----------------------------------------------------------------------------------


def _containers(thing: Thing) -> Iterator[tuple[str, Body]]:
    """The containers of whatever runs some, each with its name."""
    for path in (
        *("properties.template.containers", "properties.template.initContainers"),
        *("properties.customContainerTemplate.containers", "properties.containers"),
        "properties.initContainers",
    ):
        for each in each_in(thing, path):
            inner = each.at("properties") if "ontainerGroups" in thing.type else None
            yield text(each, "name") or "a container", Body(inner) if isinstance(inner, Mapping) else each


@thing_rule(
    "container-privileged",
    types=(APP, JOB, POOL, GROUP),
    severity="error",
    family="takes",
    title="A container asks for rights on its host",
    why="Container Apps run no privileged containers; Container Instances do in confidential groups only.",
    source=CONTAINERS,
    bad=app('"containers": [{"name": "web", "securityContext": {"privileged": true}}]'),
    good=app('"containers": [{"name": "web"}]'),
)
def container_privileged(thing: Thing, things: Things) -> Iterator[Found]:
    """Groups: https://learn.microsoft.com/azure/container-instances/container-instances-confidential-overview.
    There a context without such rights, as another user to run as, is taken."""
    group = "ontainerGroups" in thing.type
    if group and text(thing, "properties.sku") == "Confidential":
        return
    for name, container in _containers(thing):
        context = container.at("securityContext")
        if not isinstance(context, Mapping):
            continue
        asked = Body(context)
        if asked.at("privileged") is True or asked.at("capabilities.add") or not group:
            yield Found(
                what=f"{name} has a securityContext" + (" with rights on its host" if group else ""),
                fix='leave "securityContext" out; build images with az acr build',
            )


_SOCKET = '"volumeMounts": [{"volumeName": "docker", "mountPath": "/var/run/docker.sock"}]'


@thing_rule(
    "container-docker",
    types=(APP, JOB, POOL, GROUP),
    severity="error",
    family="takes",
    title="A container is to start other containers by Docker",
    why="There is no socket of Docker to mount, and none can be run inside without rights on the host.",
    source=CONTAINERS,
    bad=f'{{"type": "{GROUP}", "name": "runner", "properties": {{"containers": '
    f'[{{"name": "runner", "properties": {{"image": "runner:1", {_SOCKET}}}}}]}}}}',
    good=f'{{"type": "{GROUP}", "name": "runner", "properties": {{"containers": '
    '[{"name": "runner", "properties": {"image": "runner:1"}}]}}',
)
def container_docker(thing: Thing, things: Things) -> Iterator[Found]:
    for name, container in _containers(thing):
        mounts = (text(each, "mountPath") for each in each_in(container, "volumeMounts"))
        image = text(container, "image")
        if any(path.endswith("docker.sock") for path in mounts):
            what = f"{name} mounts a socket of Docker"
        elif re.search(r"(^|/)docker:[\w.-]*dind|(^|[:/-])dind($|[:-])", image):
            what = f"{name} runs {image}"
        else:
            continue
        yield Found(
            what=what, fix="Microsoft.App/sessionPools for code nobody trusts; az acr build for images"
        )


_OTHER_MACHINES = r"(?:^|[:/_-])(arm64(?:v8)?|arm32v7|aarch64|armv7|nanoserver|windowsservercore)(?![a-z0-9])"


@thing_rule(
    "container-app-platform",
    types=(APP, JOB, POOL),
    severity="error",
    family="takes",
    title="An app runs an image for another kind of machine",
    why="Container Apps run images for linux/amd64 only; others end with an exec format error.",
    source=CONTAINERS,
    bad=app('"containers": [{"name": "web", "image": "shop.azurecr.io/web:2.1-arm64"}]'),
    good=app('"containers": [{"name": "web", "image": "shop.azurecr.io/web:2.1"}]'),
)
def container_app_platform(thing: Thing, things: Things) -> Iterator[Found]:
    for name, container in _containers(thing):
        image = text(container, "image")
        if found := re.search(_OTHER_MACHINES, image.lower()):
            yield Found(
                what=f"{name} runs {image}, for {found[1]}",
                fix="docker build --platform linux/amd64, and a tag that says so",
            )


# -- secrets ------------------------------------------------------------------------------------------------


@thing_rule(
    "container-app-secret",
    types=(APP, JOB),
    severity="error",
    family="takes",
    title="An app reads a secret that it does not have",
    why="Whatever names a secret finds it among those of the app itself; the deployment ends in an error.",
    source="https://learn.microsoft.com/azure/container-apps/manage-secrets",
    bad=app('"containers": [{"name": "web", "env": [{"name": "KEY", "secretRef": "api-key"}]}]'),
    good=app(
        '"containers": [{"name": "web", "env": [{"name": "KEY", "secretRef": "api-key"}]}]',
        '"secrets": [{"name": "api-key", "keyVaultUrl": "https://…", "identity": "…"}]',
    ),
)
def container_app_secret(thing: Thing, things: Things) -> Iterator[Found]:
    if thing.unknown("properties.configuration.secrets"):
        return
    known = {text(each, "name") for each in each_in(thing, "properties.configuration.secrets")}
    if "" in known or len(known) != size(thing, "properties.configuration.secrets"):
        return
    for named in sorted(_secrets_named(thing) - known):
        yield Found(
            what=f'"{named}" is no secret of the app',
            fix=f'"secrets": [{{"name": "{named}", "keyVaultUrl": "…", "identity": "…"}}]',
        )


def _secrets_named(thing: Thing) -> set[str]:
    named = {
        text(variable, "secretRef")
        for _, container in _containers(thing)
        for variable in each_in(container, "env")
    }
    scale = (
        "properties.template.scale.rules",
        "properties.configuration.eventTriggerConfig.scale.rules",
    )
    for path in scale:
        for rule in each_in(thing, path):
            for kind in ("custom.auth", "http.auth", "tcp.auth", "azureQueue.auth", "auth"):
                named |= {text(each, "secretRef") for each in each_in(rule, kind)}
    for registry in each_in(thing, "properties.configuration.registries"):
        named.add(text(registry, "passwordSecretRef"))
    return named - {""}


@thing_rule(
    "container-vault-reference",
    types=(APP, JOB, GROUP),
    severity="error",
    family="takes",
    title="A variable names a secret of the vault as App Service does",
    why="Only App Service reads @Microsoft.KeyVault(…); elsewhere the program gets these very words.",
    source="https://learn.microsoft.com/azure/app-service/app-service-key-vault-references",
    bad=app(
        '"containers": [{"name": "web", "env": [{"name": "KEY", '
        '"value": "@Microsoft.KeyVault(SecretUri=https://shop.vault.azure.net/secrets/key)"}]}]'
    ),
    good=app(
        '"containers": [{"name": "web", "env": [{"name": "KEY", "secretRef": "key"}]}]',
        '"secrets": [{"name": "key", "keyVaultUrl": "https://shop.vault.azure.net/secrets/key", '
        '"identity": "system"}]',
    ),
)
def container_vault_reference(thing: Thing, things: Things) -> Iterator[Found]:
    for name, container in _containers(thing):
        for list_ in ("env", "environmentVariables"):
            for variable in each_in(container, list_):
                if text(variable, "value").startswith("@Microsoft.KeyVault("):
                    yield Found(
                        what=f"{text(variable, 'name')} of {name} holds a reference that nobody resolves",
                        fix='"secrets": [{"name": "…", "keyVaultUrl": "…", "identity": "…"}], "secretRef"',
                    )
