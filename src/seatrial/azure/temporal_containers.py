"""The containers of a Temporal server, in the words of no host."""

from __future__ import annotations

from collections.abc import Mapping

from seatrial.azure import postgres, registry, secret
from seatrial.azure.hosts import Setting
from seatrial.azure.reach import TEMPORAL_PORT
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Text, join
from seatrial.model import Plan, Temporal
from seatrial.model.value import Value

__all__ = ["DYNAMIC", "UI_PORT", "UI_VERSION", "Container", "beside", "first", "images"]

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
            f"temporalio/admin-tools:{_minor(engine)}",
            f"temporalio/server:{engine.version}",
            *((f"temporalio/ui:{UI_VERSION}",) if engine.ui else ()),
        )
    ]
    return tuple(dict.fromkeys(named))


def _minor(engine: Temporal) -> str:
    """The tools are tagged by the first two numbers of the version; the server by all three.

    Source: how public deployments of 2026 name the two: `server:1.29.7` beside `admin-tools:1.29`.
    """
    return ".".join(engine.version.split(".")[:2])


def first(part: Temporal, at: Stamp) -> Container:
    """What runs before the server: brings the schema up to date."""
    return Container(
        name="schema",
        image=_image("admin-tools", _minor(part), at),
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
        image=_image("admin-tools", _minor(part), at),
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
