"""The parts a system is made of, as frozen values.

A part says what is wanted, never how a laptop or a cloud provides it: that is the business of the rooms
that read the model. Every part knows the place in the system file where it was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Literal

from seatrial.model.mistakes import Place, Shown
from seatrial.model.quantities import Duration, Size
from seatrial.model.scaling import ScaleRule
from seatrial.model.value import Value

__all__ = [
    "Blobs",
    "Cache",
    "Endpoint",
    "Host",
    "Job",
    "ModelApi",
    "Part",
    "Place",
    "Postgres",
    "Process",
    "Queue",
    "Runs",
    "Schedule",
    "Secret",
    "Service",
    "Site",
    "Standby",
    "Worker",
]

Host = Literal["container apps", "app service", "container instances", "aks"]
"""What runs a process on Azure."""

Standby = Literal["none", "same zone", "another zone"]
"""Where the second PostgreSQL server waits to take over."""

Runs = Literal["by hand", "once", "every start"]
"""When a job starts. `once`: at the first start after the data was made, until it has ended well one time."""


class Part(Shown, Value):
    """What every part has."""

    name: str
    """Lower case letters, digits and single hyphens, 2 to 32 characters, starting with a letter."""
    system: str
    """The name of the system that the part belongs to."""
    place: Place = field(compare=False)

    def shown(self) -> str:
        return self.name


# -- data -----------------------------------------------------------------------------------------------


class Postgres(Part):
    """One PostgreSQL server with one database of the part's name (hyphens become underscores)."""

    version: int
    cores: int
    memory: Size | None
    """None: what the usual machine with that many cores has."""
    storage: Size
    extensions: tuple[str, ...]
    standby: Standby
    replicas: int
    """Read replicas, each a server of its own."""
    backup_days: int
    geo_backup: bool
    migrate: str | None
    """The command that brings the schema to what the code expects; run before anything that uses the part."""


class Blobs(Part):
    """A container of blobs with a life cycle."""

    cool_after: Duration | None
    archive_after: Duration | None
    delete_after: Duration | None


class Queue(Part):
    """A queue of messages with a dead-letter queue behind it."""

    lock: Duration
    attempts: int
    """How often a message is delivered before it goes to the dead letters."""
    keeps: Duration
    topic: bool


class Cache(Part):
    """A Redis cache."""

    memory: Size
    highly_available: bool


class Secret(Part):
    """A value that nobody may see: from the environment variable `variable`, or from a `.env` file."""

    needed: bool
    """False: the system works without it."""
    rotate_after: Duration | None

    @property
    def variable(self) -> str:
        """The environment variable that carries the value."""
        return self.name.upper().replace("-", "_")


class ModelApi(Part):
    """An endpoint of a language or embedding model that speaks the OpenAI protocol."""

    model: str
    needed: bool
    tokens_per_minute: int | None


# -- processes ------------------------------------------------------------------------------------------


class Process(Part):
    """What every process has: a command, its resources, and what it uses."""

    command: str
    """Split as a shell would, run without one. `{port}` stands for the port given to the process."""
    uses: tuple[Part, ...]
    env: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """Settings that are no secret."""
    cpu: float
    """Cores."""
    memory: Size
    host: Host


class Service(Process):
    """A process that answers HTTP on a port."""

    port: int
    health: str
    """The path that answers 2xx when the service is ready for work."""
    replicas: tuple[int, int]
    """Fewest and most."""
    scale: tuple[ScaleRule, ...]
    public: bool
    """Whether it can be reached from outside the system's own network."""
    start_within: Duration
    """How long it may take from start to the first healthy answer."""

    def get(self, path: str) -> Endpoint:
        """A path of this service that answers GET, query included: what a latency target is about."""
        return Endpoint(service=self, method="GET", path=path)

    def post(self, path: str) -> Endpoint:
        """A path of this service that answers POST: what a latency target is about."""
        return Endpoint(service=self, method="POST", path=path)


class Endpoint(Value):
    """One address of a service."""

    service: Service
    method: Literal["GET", "POST"]
    path: str
    """With its query, if any."""


class Worker(Process):
    """A process that answers nobody: it takes work from a store or a queue."""

    replicas: tuple[int, int]
    scale: tuple[ScaleRule, ...]


class Job(Process):
    """A process that ends: started by hand (`seatrial run`), or at the start of the system."""

    runs: Runs
    retries: int
    time_limit: Duration
    title: str
    """What it does, for people; shown by `seatrial run`."""


class Schedule(Process):
    """A process that ends, started by the clock."""

    cron: str
    """Five fields, UTC."""
    retries: int
    time_limit: Duration


class Site(Part):
    """Static files, served as they are."""

    directory: str
    """Relative to the system file."""
    port: int
    fallback: str | None
    """The file that answers for a path that is none, for single-page applications."""
