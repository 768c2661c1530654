"""The parts that run, and what they run on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Literal

from seatrial.model.parts.base import Part
from seatrial.model.parts.data import Postgres
from seatrial.model.quantities import Duration, Size
from seatrial.model.scaling import ScaleRule
from seatrial.model.value import Value

__all__ = [
    "AppServicePlan",
    "Endpoint",
    "Host",
    "Job",
    "Machines",
    "NodePool",
    "Process",
    "Runs",
    "Sandbox",
    "Schedule",
    "Service",
    "Site",
    "Temporal",
    "Worker",
]

Host = Literal["container apps", "app service", "container instances", "aks"]
"""What runs a process on Azure."""

Runs = Literal["by hand", "once", "every start"]
"""When a job starts. `once`: at the first start after the data was made, until it has ended well one time."""


class AppServicePlan(Part):
    """Machines of App Service that the processes on it share."""

    size: str
    """As Azure names it: `P1v3`."""
    instances: tuple[int, int]
    """Fewest and most machines."""
    zones: bool
    """Whether the machines are spread over availability zones."""


class NodePool(Part):
    """Machines of the system's Kubernetes cluster that the processes on it share."""

    machine: str
    """As Azure names it: `Standard_D4s_v5`."""
    nodes: tuple[int, int]
    """Fewest and most machines."""
    spot: bool
    """Cheaper machines that Azure may take back at any time."""
    gpus: int
    """Of each machine."""
    isolated: bool
    """Whether every pod gets a kernel of its own, for code that nobody trusts."""


Machines = AppServicePlan | NodePool


def _kind_of(host: Host | Machines) -> Host:
    match host:
        case AppServicePlan():
            return "app service"
        case NodePool():
            return "aks"
        case kind:
            return kind


class Process(Part):
    """What every process has: a command, its resources, and what it uses."""

    command: str
    """Split as a shell would, run without one. `{port}` stands for the port given to the process."""
    uses: tuple[Part, ...]
    """What it may do everything with."""
    reads: tuple[Part, ...]
    """Stores that it only reads."""
    sends: tuple[Part, ...]
    """Queues that it only sends to."""
    receives: tuple[Part, ...]
    """Queues that it only receives from."""
    env: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """Settings that are no secret."""
    cpu: float
    """Cores."""
    memory: Size
    gpus: int
    host: Host | AppServicePlan | NodePool
    """Machines that are shared with others, or what makes room for this process alone."""

    @property
    def hosted_by(self) -> Host:
        """The kind of host."""
        return _kind_of(self.host)


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
    sign_in: bool
    """Whether a person must sign in before a request reaches it."""
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


class Sandbox(Part):
    """A pool of short-lived containers, each with a kernel of its own, for code that nobody trusts."""

    port: int
    """Where the program inside a container answers."""
    command: str
    cpu: float
    memory: Size
    ready: int
    """Containers that wait, started, for the next session."""
    most: int
    """Sessions at once."""
    idle: Duration
    """After this long without a request, a session's container is destroyed."""
    internet: bool
    """Whether the code may reach out."""


class Temporal(Part):
    """A Temporal server, the engine of durable workflows, run by ourselves."""

    history: Postgres
    """Where it keeps its runs; it signs in by password."""
    version: str
    cpu: float
    memory: Size
    replicas: int
    host: Host | AppServicePlan | NodePool
    ui: bool
    """Whether its own web page runs beside it, for looking at runs."""

    @property
    def hosted_by(self) -> Host:
        """The kind of host."""
        return _kind_of(self.host)
