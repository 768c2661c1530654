"""A Temporal server in containers, on the host asked for, with its history in a PostgreSQL server of its own.

Three images of Temporal's makers run side by side: the server with all its roles in one process; its tools,
which first bring the schema up to date and then make the namespace `default`; and its web page. The image
that did all of this by itself is no longer made. The images are copied into the system's own registry, so
that nothing is pulled from a public one, and what runs is what was scanned.

The server answers who is inside the network, by gRPC on port 7233 and without a password, as Temporal does
unless it is given certificates: the network says who may ask.

Source: https://github.com/temporalio/samples-server/tree/main/compose,
https://github.com/temporalio/features/pull/707 (the image that is gone) and
https://github.com/temporalio/docker-builds/blob/main/docker-readme/server.md (variables)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from seatrial.azure import (
    aks,
    container_apps,
    container_environment,
    container_instances,
    containers,
    postgres,
    registry,
    secret,
)
from seatrial.azure.access import Use
from seatrial.azure.container_sizes import CONSUMPTION, room
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.hosts import Setting
from seatrial.azure.names import camel
from seatrial.azure.reach import TEMPORAL_PORT, users_of
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Text, join
from seatrial.model import Plan, Process, Size, Temporal
from seatrial.model.value import Value

__all__ = ["UI_PORT", "Container", "beside", "first", "images", "resources", "rights", "variables"]

UI_VERSION = "2.49.1"
"""Of the web page. Source: https://github.com/temporalio/samples-server/blob/main/compose/.env"""

UI_PORT = 8080

SHARDS = "512"
"""Into how many parts the history is cut; can never be changed, and 4, the default, is for a laptop.

Source: https://docs.temporal.io/temporal-service/temporal-server#history-shard
"""

DYNAMIC = "/dynamic"
"""A folder that the tools and the server share, for a file without which the server does not start."""

SCHEMA = """\
set -eu
echo '{}' > /dynamic/config.yaml
versions=/etc/temporal/schema/postgresql/v12
for part in temporal visibility; do
  if [ "$part" = visibility ]; then export SQL_DATABASE="$SQL_VISIBILITY_DATABASE"; fi
  temporal-sql-tool create
  temporal-sql-tool setup-schema -v 0.0
  temporal-sql-tool update-schema -d "$versions/$part/versioned"
done
"""
"""Safe to be run at every start: each step does nothing where it was done."""

NAMESPACE = """\
until temporal operator namespace describe default \
|| temporal operator namespace create --retention 30d default; do sleep 3; done
exec sleep infinity
"""


class Container(Value):
    """A container of the server, in the words of no host."""

    name: str
    image: Text
    env: tuple[Setting, ...]
    script: str | None = None
    """What it runs in a shell; None: what its image runs."""
    ports: tuple[int, ...] = ()
    shares: bool = False
    """Whether it has the folder that is shared."""
    cpu: float = 0.25
    gib: float = 0.5


def images(plan: Plan) -> tuple[str, ...]:
    """The images to be copied into the registry under the same names, as `docker pull` knows them."""
    engines = plan.of(Temporal)
    named = [
        name
        for engine in engines
        for name in (
            f"temporalio/admin-tools:{engine.version}",
            f"temporalio/server:{engine.version}",
            *((f"temporalio/ui:{UI_VERSION}",) if engine.ui else ()),
        )
    ]
    return tuple(dict.fromkeys(named))


def first(part: Temporal, at: Stamp) -> Container:
    """What runs before the server: brings the schema up to date."""
    return Container(
        name="schema",
        image=_image("admin-tools", part.version, at),
        env=_named(
            {
                "SQL_PLUGIN": "postgres12",
                "SQL_HOST": postgres.host(part.history, at),
                "SQL_PORT": "5432",
                "SQL_USER": postgres.LOGIN,
                "SQL_DATABASE": postgres.database(part.history),
                "SQL_VISIBILITY_DATABASE": _visibility(part),
                "SQL_TLS": "true",
            },
            SQL_PASSWORD=part,
            at=at,
        ),
        script=SCHEMA,
        shares=True,
    )


def beside(part: Temporal, at: Stamp) -> tuple[Container, ...]:
    """The server, what makes its namespace, and its page."""
    here = f"localhost:{TEMPORAL_PORT}"
    server = Container(
        name="server",
        image=_image("server", part.version, at),
        env=_named(
            {
                "DB": "postgres12",
                "DB_PORT": "5432",
                "POSTGRES_SEEDS": postgres.host(part.history, at),
                "POSTGRES_USER": postgres.LOGIN,
                "DBNAME": postgres.database(part.history),
                "VISIBILITY_DBNAME": _visibility(part),
                "SQL_TLS_ENABLED": "true",
                "SQL_HOST_VERIFICATION": "true",
                "NUM_HISTORY_SHARDS": SHARDS,
                "BIND_ON_IP": "0.0.0.0",  # noqa: S104
                **({} if part.hosted_by == "aks" else {"TEMPORAL_BROADCAST_ADDRESS": "127.0.0.1"}),
                "DYNAMIC_CONFIG_FILE_PATH": f"{DYNAMIC}/config.yaml",
            },
            POSTGRES_PWD=part,
            at=at,
        ),
        ports=(TEMPORAL_PORT,),
        shares=True,
        cpu=part.cpu,
        gib=part.memory.gib,
    )
    namespace = Container(
        name="namespace",
        image=_image("admin-tools", part.version, at),
        env=_named({"TEMPORAL_ADDRESS": here}),
        script=NAMESPACE,
    )
    page = Container(
        name="ui",
        image=_image("ui", UI_VERSION, at),
        env=_named({"TEMPORAL_ADDRESS": here}),
        ports=(UI_PORT,),
    )
    return (server, namespace, page) if part.ui else (server, namespace)


def _image(name: str, version: str, at: Stamp) -> Text:
    return join(registry.credentials_server(at.plan), f"/temporalio/{name}:{version}")


def _visibility(part: Temporal) -> str:
    return f"{postgres.database(part.history)}_visibility"


def _named(values: Mapping[str, Text], at: Stamp | None = None, **passwords: Temporal) -> tuple[Setting, ...]:
    plain = [Setting(name=name, value=value) for name, value in values.items()]
    hidden = [
        Setting(name=name, secret=secret.password(of.history, at))
        for name, of in passwords.items()
        if at is not None
    ]
    return tuple(sorted((*plain, *hidden), key=lambda each: each.name))


# -- on each host -------------------------------------------------------------------------------------------


def resources(part: Temporal, at: Stamp) -> Iterator[Resource]:
    """The server, and its right to read the password of its history."""
    if troubles := tuple(Trouble.about(at.plan, part.name, *each) for each in _wrong_with(part, at.plan)):
        raise Refused(troubles)
    right = secret.password_right(part.history, part.name, at)
    yield right
    match part.hosted_by:
        case "container apps":
            yield _app(part, at, after=right)
        case "container instances":
            yield from container_instances.grouped(
                part.name,
                [_instance(each, part, at) for each in beside(part, at)],
                _ports(part),
                1,
                at,
                first=[_instance(first(part, at), part, at)],
                volumes=[{"name": "dynamic", "emptyDir": {}}],
                after=[right.ref],
            )
        case _:
            yield aks.trust(part.name, at)


def _wrong_with(part: Temporal, plan: Plan) -> Iterator[tuple[str, str]]:
    if part.history.sign_in != "password":
        yield (
            f"Temporal signs in by password, and {part.history.name} takes identities only",
            f'sign_in="password" for {part.history.name}',
        )
    if part.hosted_by == "app service":
        yield (
            "App Service answers HTTP on its own ports only, and Temporal speaks gRPC on 7233",
            'host="container instances"',
        )
    if part.hosted_by in ("container apps", "container instances") and part.replicas > 1:
        yield (
            f"replicas of Temporal must reach each other, which those of {part.hosted_by} cannot",
            "replicas=1, or a node pool",
        )
    if part.hosted_by in ("container apps", "aks"):
        for user in users_of(part, plan):
            if user.hosted_by != part.hosted_by:
                yield (
                    f"{user.name} runs on {user.hosted_by} and does not find Temporal on {part.hosted_by}",
                    f'host="container instances" for {part.name}, or the same host for both',
                )


def _ports(part: Temporal) -> tuple[int, ...]:
    return (TEMPORAL_PORT, UI_PORT) if part.ui else (TEMPORAL_PORT,)


def _instance(each: Container, part: Temporal, at: Stamp) -> dict[str, Any]:
    """A container of a group; one that runs before the others has no size of its own."""
    alone = each.name == "schema"
    return {
        "name": each.name,
        "properties": {
            "image": each.image,
            **({"command": ["/bin/sh", "-c", each.script]} if each.script else {}),
            "environmentVariables": [container_instances.variable(one, at) for one in each.env],
            **({"ports": [{"port": port, "protocol": "TCP"} for port in each.ports]} if each.ports else {}),
            **({"volumeMounts": [{"name": "dynamic", "mountPath": DYNAMIC}]} if each.shares else {}),
            **({} if alone else {"resources": container_instances.size(each.cpu, each.gib)}),
        },
    }


def _app(part: Temporal, at: Stamp, after: Resource) -> Resource:
    """One replica, never none; it answers by TCP under its own name inside the environment.

    Source: https://learn.microsoft.com/azure/container-apps/ingress-overview#tcp
    """
    server, *others = beside(part, at)
    cores, gib = sum(each.cpu for each in others), sum(each.gib for each in others)
    whole = room(at.plan, part.name, part.cpu + cores, part.memory + Size.parse(f"{gib:g} GiB"))
    server = replace(server, cpu=whole.cores - cores, gib=whole.gib - gib)
    return Resource(
        ref=container_apps.app(part.name, at),
        module="compute",
        region=at.region,
        symbol=camel(part.name, "app"),
        why=f"The engine of durable workflows, with what runs beside it {whole.why}",
        part=part.name,
        location=at.region,
        after=(after.ref, registry.pull(part.name, at, part.name).ref),
        body={
            "identity": containers.who(part.name, at),
            "properties": {
                "environmentId": Id(of=container_environment.environment(at)),
                "workloadProfileName": CONSUMPTION.name,
                "configuration": {
                    "activeRevisionsMode": "Single",
                    "ingress": {
                        "external": False,
                        "transport": "tcp",
                        "targetPort": TEMPORAL_PORT,
                        "exposedPort": TEMPORAL_PORT,
                        **({"additionalPortMappings": [_page()]} if part.ui else {}),
                    },
                    "registries": containers.registries(part.name, at),
                    "secrets": containers.secrets(part.name, _hidden(part, at), at),
                },
                "template": {
                    "initContainers": [_contained(first(part, at))],
                    "containers": [_contained(each) for each in (server, *others)],
                    "volumes": [{"name": "dynamic", "storageType": "EmptyDir"}],
                    "scale": {"minReplicas": 1, "maxReplicas": 1},
                },
            },
        },
    )


def _page() -> dict[str, Any]:
    return {"external": False, "targetPort": UI_PORT, "exposedPort": UI_PORT}


def _hidden(part: Temporal, at: Stamp) -> tuple[Setting, ...]:
    return tuple(
        one for each in (first(part, at), *beside(part, at)) for one in each.env if one.secret is not None
    )


def _contained(each: Container) -> dict[str, Any]:
    return {
        "name": each.name,
        "image": each.image,
        **({"command": ["/bin/sh", "-c", each.script]} if each.script else {}),
        "env": [_variable(one) for one in each.env],
        "resources": {"cpu": each.cpu, "memory": f"{each.gib:g}Gi"},
        **({"volumeMounts": [{"volumeName": "dynamic", "mountPath": DYNAMIC}]} if each.shares else {}),
    }


def _variable(one: Setting) -> dict[str, Any]:
    if one.secret is not None:
        return {"name": one.name, "secretRef": containers.secret_name(one)}
    return {"name": one.name, "value": one.value}


# -- for its users ------------------------------------------------------------------------------------------


def variables(part: Temporal, at: Stamp) -> Mapping[str, Text]:
    """What its users are given: host and port, as Temporal's clients take them."""
    match part.hosted_by:
        case "container instances":
            host: Text = container_instances.host(part.name, at)
        case "aks":
            host = f"{part.name}.{at.plan.name}.svc.cluster.local"
        case _:
            host = container_apps.app(part.name, at).name
    return {f"{part.name.upper().replace('-', '_')}_URL": join(host, f":{TEMPORAL_PORT}")}


def rights(part: Temporal, use: Use, process: Process, at: Stamp) -> Iterator[Resource]:
    """None: it answers whoever reaches it, and the network says who does."""
    yield from ()
