"""Everything that is decided before anything starts: ports, addresses, environments, commands, refusals."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from seatrial.laptop.environment import Given, base_environment, environment_of, given_values, missing_values
from seatrial.laptop.ports import Ports
from seatrial.laptop.postgres import has_extension
from seatrial.laptop.process import Command, NoSuchProgram, resolve
from seatrial.laptop.state import Home, project_of
from seatrial.model.parts import (
    Alert,
    ApiManagement,
    ApplicationGateway,
    AppServicePlan,
    Blobs,
    Cache,
    Contact,
    Dashboard,
    Documents,
    FrontDoor,
    Logs,
    Network,
    NodePool,
    Part,
    Postgres,
    Process,
    Queue,
    Registry,
    Sandbox,
    Service,
    Site,
    Temporal,
    TrafficManager,
    references,
)
from seatrial.model.plan import Plan, uses_of

__all__ = [
    "LACKING",
    "MEANINGLESS",
    "Launch",
    "Refused",
    "Trouble",
    "database_of",
    "job_command",
    "plan_here",
    "prepare",
]

LACKING: Mapping[type[Part], str] = {
    Queue: "a queue has no twin on a laptop yet; keep the work in a table of PostgreSQL "
    "(select … for update skip locked), which needs no queue on Azure either",
    Documents: "documents have no twin on a laptop yet; a jsonb column of PostgreSQL keeps them on both",
    Sandbox: "a sandbox has no twin on a laptop yet; leave it out in a variant for the laptop",
    Temporal: "Temporal has no twin on a laptop yet; leave it out in a variant for the laptop",
}
"""The kinds of parts that cannot run on a laptop, with the way out."""

MEANINGLESS: tuple[type[Part], ...] = (
    *(FrontDoor, ApplicationGateway, ApiManagement, TrafficManager),
    *(Network, Registry, Logs),
    *(AppServicePlan, NodePool),
    *(Contact, Alert, Dashboard),
)
"""The kinds of parts that a laptop does without: ways in, the ground, machines, and who is told."""

_DISPENSABLE = {
    "uuid-ossp": "gen_random_uuid() is built into PostgreSQL and serves instead",
    "pgcrypto": "gen_random_uuid() and sha256() are built into PostgreSQL and serve instead",
    "pg_stat_statements": "it only observes",
}
"""Extensions that the embedded PostgreSQL lacks and a system can be tried without."""


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """One reason why a system cannot start here, and the way out."""

    where: str
    what: str
    hint: str


class Refused(Exception):
    """The system cannot start here; nothing was started."""

    def __init__(self, troubles: list[Trouble]) -> None:
        self.troubles = tuple(troubles)
        super().__init__("\n".join(f"{each.where}: {each.what}\n  hint: {each.hint}" for each in troubles))


@dataclass(frozen=True, kw_only=True)
class Launch:
    """A system ready to start. Its ports are held until their processes take them."""

    plan: Plan
    file: Path
    home: Home
    ports: Ports
    addresses: Mapping[str, str]
    """The URL of each part that has one, without secrets. PostgreSQL's come when its server has its port."""
    given: Given
    run: str
    """The mark of this run: the value of SEATRIAL_RUN."""
    notices: tuple[str, ...]

    def command(self, process: Process, addresses: Mapping[str, str]) -> Command:
        """What runs a process, once all it uses has its address. Raises NoSuchProgram."""
        port = self.ports.chosen.get(process.name)
        return _command(process, addresses, self.given, self.home, self.file.parent, self.run, port)

    def migration(self, postgres: Postgres, addresses: Mapping[str, str]) -> Command:
        """What brings the schema of a database up to date; `postgres.migrate` is set."""
        assert postgres.migrate is not None
        variable = f"{postgres.name.upper().replace('-', '_')}_URL"
        env = base_environment(os.environ) | {
            variable: addresses[postgres.name],
            "PGPASSFILE": str(self.home.postgres / "pgpass"),
            "SEATRIAL_SYSTEM": postgres.system,
            "SEATRIAL_PART": postgres.name,
            "SEATRIAL_RUN": self.run,
        }
        return resolve(postgres.migrate, folder=self.file.parent, env=env)

    def site(self, site: Site) -> Command:
        """What serves a site's files."""
        env = base_environment(os.environ) | {"SEATRIAL_RUN": self.run, "SEATRIAL_PART": site.name}
        folder = str(self.file.parent / site.directory)
        words = [sys.executable, "-m", "seatrial.laptop.site", folder, str(self.ports.chosen[site.name])]
        words += [site.fallback] if site.fallback else []
        return Command(words=tuple(words), folder=self.file.parent, env=env)


def prepare(
    plan: Plan,
    file: Path,
    home: Home,
    asked_ports: Mapping[str, int],
    environ: Mapping[str, str] = os.environ,
) -> Launch:
    """Decide everything. Raises Refused with all that stands in the way."""
    absent = _used_but_absent(plan)
    plan = plan_here(plan)
    given = given_values(plan, file, project_of(file), environ)
    troubles = [*_unknown_ports(plan, asked_ports), *absent, *_lacking(plan), *_missing(plan, given)]
    troubles += [*_extensions(plan), *_programs(plan, file), *_folders(plan, file)]
    wanted = {part.name: part.port for part in plan.parts if isinstance(part, Service | Site)}
    wanted |= {cache.name: 6379 for cache in plan.of(Cache)}
    ports = Ports(wanted, {part: port for part, port in asked_ports.items() if part in wanted})
    troubles += [
        Trouble(
            where=f"--port {taken.part}={taken.port}",
            what=f"port {taken.port} is taken by {taken.holder}",
            hint="end that process, or ask for another port",
        )
        for taken in ports.taken
    ]
    if troubles:
        ports.let_all_go()
        raise Refused(troubles)
    return Launch(
        plan=plan,
        file=file,
        home=home,
        ports=ports,
        addresses=_addresses(plan, home, ports.chosen),
        given=given,
        run=f"{home.marker}{secrets.token_hex(4)}",
        notices=tuple(_notices(plan, ports)),
    )


def plan_here(plan: Plan) -> Plan:
    """What of a plan has a meaning on a laptop, without secrets that only lead to those who are told."""
    here = [part for part in plan.parts if not isinstance(part, MEANINGLESS)]
    named = {part.name for each in here for _, part in references(each)}
    told = {part.name for contact in plan.of(Contact) for _, part in references(contact)} - named
    return replace(plan, parts=tuple(part for part in here if part.name not in told))


def database_of(part: Postgres) -> str:
    """The name of its database."""
    return part.name.replace("-", "_")


def job_command(
    job: Process,
    *,
    words: tuple[str, ...],
    addresses: Mapping[str, str],
    given: Given,
    home: Home,
    file: Path,
) -> Command:
    """What runs a job by hand beside a running system. Raises NoSuchProgram."""
    command = _command(job, addresses, given, home, file.parent, f"{home.marker}by-hand", None)
    return Command(words=(*command.words, *words), folder=command.folder, env=command.env)


def _command(
    process: Process,
    addresses: Mapping[str, str],
    given: Given,
    home: Home,
    folder: Path,
    run: str,
    port: int | None,
) -> Command:
    pgpass = home.postgres / "pgpass"
    env = environment_of(process, addresses=addresses, given=given, port=port, run=run, pgpass=pgpass)
    return resolve(process.command, folder=folder, env=env, port=port)


def _addresses(plan: Plan, home: Home, ports: Mapping[str, int]) -> dict[str, str]:
    addresses = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    addresses |= {cache.name: f"redis://127.0.0.1:{ports[cache.name]}/0" for cache in plan.of(Cache)}
    return addresses | {blobs.name: home.blobs(blobs.name).as_uri() for blobs in plan.of(Blobs)}


def _unknown_ports(plan: Plan, asked: Mapping[str, int]) -> list[Trouble]:
    known = [part.name for part in plan.parts if isinstance(part, Service | Site | Cache | Postgres)]
    hint = f"parts with a port: {', '.join(known) or 'none'}"
    return [
        Trouble(
            where=f"--port {name}={port}", what=f'{plan.name} has no part "{name}" with a port', hint=hint
        )
        for name, port in asked.items()
        if name not in known
    ]


def _used_but_absent(plan: Plan) -> list[Trouble]:
    return [
        Trouble(
            where=str(process.place),
            what=f"{process.name} uses {used.name}, which is not there on a laptop",
            hint=f"let it use what stands behind {used.name}, here or in a variant for the laptop",
        )
        for process in plan.parts
        for used in uses_of(process)
        if isinstance(used, MEANINGLESS)
    ]


def _lacking(plan: Plan) -> list[Trouble]:
    return [
        Trouble(where=str(part.place), what=f"{part.name} cannot run on a laptop", hint=hint)
        for kind, hint in LACKING.items()
        for part in plan.of(kind)
    ] + [
        Trouble(
            where=str(cache.place),
            what=f"{cache.name} is a Redis cache, and there is no redis-server on PATH",
            hint="install it: apt install redis-server, dnf install redis, or brew install redis",
        )
        for cache in plan.of(Cache)
        if shutil.which("redis-server") is None
    ]


def _missing(plan: Plan, given: Given) -> list[Trouble]:
    files = " or ".join(map(str, given.files))
    return [
        Trouble(
            where=str(part.place),
            what=f"{part.name} needs {variable}, which is not set",
            hint=f"set it in the environment, or write a line {variable}=… in {files}",
        )
        for part, variable in missing_values(plan, given)
    ]


def _extensions(plan: Plan) -> list[Trouble]:
    return [
        Trouble(
            where=str(part.place),
            what=f'{part.name}: the embedded PostgreSQL has no extension "{extension}"',
            hint="run this system without it on a laptop: leave it out, or in a variant of its own",
        )
        for part in plan.of(Postgres)
        for extension in part.extensions
        if not has_extension(extension) and extension not in _DISPENSABLE
    ]


def _programs(plan: Plan, file: Path) -> list[Trouble]:
    env = base_environment(os.environ)
    commands = [(part, part.command) for part in plan.parts if isinstance(part, Process)]
    migrations = [(part, part.migrate) for part in plan.of(Postgres) if part.migrate is not None]
    troubles = []
    for part, command in (*commands, *migrations):
        try:
            resolve(command, folder=file.parent, env=env)
        except NoSuchProgram as error:
            hint = "install it into this environment, or correct the command"
            troubles.append(Trouble(where=str(part.place), what=f"{part.name}: {error}", hint=hint))
    return troubles


def _folders(plan: Plan, file: Path) -> list[Trouble]:
    return [
        Trouble(
            where=str(site.place),
            what=f"{site.name}: {file.parent / site.directory} is not a folder",
            hint="build the site first, or correct the directory",
        )
        for site in plan.of(Site)
        if not (file.parent / site.directory).is_dir()
    ]


def _notices(plan: Plan, ports: Ports) -> list[str]:
    notices = [
        f"{part}: port {port} is taken by {holder}; using {ports.chosen[part]} instead"
        for part, (port, holder) in ports.moved.items()
    ]
    notices += [
        f"{part.name}: the embedded PostgreSQL has no {extension}; {_DISPENSABLE[extension]}"
        for part in plan.of(Postgres)
        for extension in part.extensions
        if extension in _DISPENSABLE and not has_extension(extension)
    ]
    return notices
