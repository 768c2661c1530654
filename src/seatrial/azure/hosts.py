"""What is the same for every host: what a process is given, and where a service answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType

from seatrial.azure import identity, logs, secret
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.reach import edges_before, users_of
from seatrial.azure.remembering import remembered
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Out, Parameter, Ref, Text, join
from seatrial.model import (
    ApiManagement,
    ApplicationGateway,
    Blobs,
    Cache,
    Documents,
    FrontDoor,
    ModelApi,
    Part,
    Postgres,
    Process,
    Queue,
    Sandbox,
    Secret,
    Service,
    Site,
    Temporal,
    uses_of,
)
from seatrial.model.value import Value

__all__ = ["EVERYWHERE", "Setting", "hostname", "migration_settings", "rights", "settings", "variables"]

EVERYWHERE = "0.0.0.0"  # noqa: S104 - a container has an address of its own, and its host decides who gets there


class Setting(Value):
    """One variable of the environment of a process."""

    name: str
    value: Text | None = None
    secret: Ref | None = None
    """The secret of the vault that holds the value; then `value` is None."""


def settings(process: Process, at: Stamp) -> tuple[Setting, ...]:
    """The whole environment of a process on Azure, by name.

    Raises:
        Refused: it signs in to two servers by password, and there is one PGPASSWORD.
    """
    given: dict[str, Setting] = {}
    if isinstance(process, Service):
        given |= _named({"HOST": EVERYWHERE, "PORT": str(process.port), **_front_door(process, at)})
    given |= _given(process.name, uses_of(process), at)
    given |= _named(process.env)
    return _sorted(given)


def migration_settings(part: Postgres, at: Stamp) -> tuple[Setting, ...]:
    """The environment of the job that brings a schema up to date.

    The same as of any user of the part; and, where clients sign in by identity, who is to be let in and how
    far: `<NAME>_ROLES=api-identity:<object id>=all,report-identity:<object id>=reads`, for the job makes the
    database's roles. By object id, as a tenant may have many identities of one name.
    Source: https://learn.microsoft.com/azure/postgresql/security/security-manage-entra-users
    """
    given = _given(identity.migration(part), (part,), at)
    if part.sign_in == "identity":
        from seatrial.azure.access import use_of

        roles: list[Text] = []
        for user in users_of(part, at.plan):
            who = identity.ref(user.name, at)
            principal = Out(of=who, path="properties.principalId")
            roles += ["," if roles else "", who.name, ":", principal, f"={use_of(user, part)}"]
        given |= _named({f"{_shouted(part.name)}_ROLES": join(*roles)})
    return _sorted(given)


def hostname(service: Service, at: Stamp) -> Text:
    """Where a service answers HTTPS to those who may reach it, as edges name their origins.

    Container Instances and Kubernetes answer inside the network only, and without TLS of their own.
    """
    from seatrial.azure import app_service, container_apps, container_instances

    match service.hosted_by:
        case "container apps":
            app = container_apps.app(service.name, at)
            return Out(of=app, path="properties.configuration.ingress.fqdn")
        case "app service":
            return Out(of=app_service.site(service.name, at), path="properties.defaultHostName")
        case "container instances":
            return container_instances.host(service.name, at)
        case "aks":
            return f"{service.name}.{at.plan.name}.svc.cluster.local"


def variables(service: Service, at: Stamp) -> Mapping[str, Text]:
    """What users of a service are given: its address inside the network."""
    if service.hosted_by in ("container apps", "app service"):
        address = join("https://", hostname(service, at))
    else:
        address = join("http://", hostname(service, at), f":{service.port}")
    return {f"{_shouted(service.name)}_URL": address}


@remembered
def rights(process: Process, at: Stamp) -> tuple[Resource, ...]:
    """All rights of a process on what it uses: it can start when it has them."""
    return tuple(_rights(process, at))


def _rights(process: Process, at: Stamp) -> Iterator[Resource]:
    from seatrial.azure.access import use_of

    for used in uses_of(process):
        if isinstance(used, Secret):
            yield from secret.rights(used, use_of(process, used), process, at)
        elif room := _rooms().get(type(used)):
            yield from room.rights(used, use_of(process, used), process, at)


# -- what is collected ----------------------------------------------------------------------------------


@cache
def _rooms() -> Mapping[type[Part], ModuleType]:
    """The file of each part that gives variables and rights.

    Some of them read the settings of processes, and so this file: they are fetched when all are there.
    """
    from seatrial.azure import blobs, cache, documents, model_api, postgres, queue, sandbox, temporal

    return {
        Postgres: postgres,
        Blobs: blobs,
        Queue: queue,
        Cache: cache,
        Documents: documents,
        ModelApi: model_api,
        Sandbox: sandbox,
        Temporal: temporal,
    }


def _variables_of(part: Part, at: Stamp) -> Mapping[str, Text]:
    """What whoever uses a part is given."""
    from seatrial.azure import api_management, application_gateway, site

    match part:
        case Service():
            return variables(part, at)
        case ApiManagement():
            return api_management.variables(part, at)
        case ApplicationGateway():
            return application_gateway.variables(part, at)
        case Site():
            return site.variables(part, at)
        case _:
            room = _rooms().get(type(part))
            given: Mapping[str, Text] = room.variables(part, at) if room else {}
            return given


def _given(name: str, used: tuple[Part, ...], at: Stamp) -> dict[str, Setting]:
    """What a process of this name is given with what it uses, and what every process is given."""
    given = _named(
        {
            "AZURE_CLIENT_ID": Out(of=identity.ref(name, at), path="properties.clientId"),
            "APPLICATIONINSIGHTS_CONNECTION_STRING": Out(
                of=logs.insights(at), path="properties.ConnectionString"
            ),
            "OTEL_SERVICE_NAME": name,  # becomes AppRoleName, by which logs and alerts tell processes apart
        }
    )
    for part in used:
        if isinstance(part, Secret):
            if part.needed:
                given[part.variable] = Setting(name=part.variable, secret=secret.ref(part, at))
        else:
            given |= _named(_variables_of(part, at))
    servers = [part for part in used if isinstance(part, Postgres)]
    if any(server.sign_in == "identity" for server in servers):
        given |= _named({"PGUSER": identity.ref(name, at).name})
    by_password = [server for server in servers if server.sign_in == "password"]
    if len(by_password) > 1:
        names = " and ".join(server.name for server in by_password)
        what = f"signs in to {names} by password, and a process has one PGPASSWORD"
        hint = 'let it sign in to all of them but one by sign_in="identity"'
        raise Refused([Trouble.about(at.plan, name, what, hint)])
    for server in by_password:
        given["PGPASSWORD"] = Setting(name="PGPASSWORD", secret=secret.password(server, at))
    return given


def _front_door(service: Service, at: Stamp) -> Mapping[str, Text]:
    """The id of the Front Door whose requests alone a service is to answer.

    Front Door of the standard tier reaches a service by its public address, and so can everybody else. The id
    comes with each of its requests in `X-Azure-FDID`; Azure makes it with the profile, after the service, so
    the operator gives it with the second deployment. Until then everybody is answered.
    Source: https://learn.microsoft.com/azure/frontdoor/origin-security
    """
    for edge in edges_before(service, at.plan):
        if isinstance(edge, FrontDoor) and edge.tier == "standard":
            why = f"The id of the Front Door {edge.name}, known when it is made; until then left empty"
            return {"FRONT_DOOR_ID": Parameter(name=camel(edge.name, "id"), why=why, default="")}
    return {}


def _named(values: Mapping[str, Text]) -> dict[str, Setting]:
    return {name: Setting(name=name, value=value) for name, value in values.items()}


def _sorted(given: Mapping[str, Setting]) -> tuple[Setting, ...]:
    return tuple(given[name] for name in sorted(given))


def _shouted(name: str) -> str:
    return name.upper().replace("-", "_")
