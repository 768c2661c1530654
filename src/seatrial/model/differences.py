"""What a variant may change of each kind of part: the keywords of `change`, for editors and type checkers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from seatrial.model.parts import (
    ApiManagement,
    ApiTier,
    ApplicationGateway,
    AppServicePlan,
    BackupReach,
    Blobs,
    Chart,
    Contact,
    Copies,
    EdgeTier,
    Host,
    Log,
    Metric,
    ModelPlace,
    NodePool,
    Part,
    Postgres,
    PostgresNetwork,
    PostgresSignIn,
    Product,
    RegistryTier,
    Routing,
    Runs,
    Secret,
    Service,
    Severity,
    Site,
    Standby,
    Tier,
    Waf,
)
from seatrial.model.quantities import Duration, Rate, Size
from seatrial.model.scaling import ScaleRule


class PostgresChange(TypedDict, total=False):
    version: int
    cores: int
    memory: str | Size | None
    storage: str | Size
    extensions: Sequence[str]
    standby: Standby
    replicas: int
    backup_days: int
    geo_backup: bool
    migrate: str | None
    network: PostgresNetwork
    sign_in: PostgresSignIn


class BlobsChange(TypedDict, total=False):
    cool_after: str | Duration | None
    archive_after: str | Duration | None
    delete_after: str | Duration | None
    copies: Copies
    undelete_within: str | Duration


class QueueChange(TypedDict, total=False):
    lock: str | Duration
    attempts: int
    keeps: str | Duration
    topic: bool
    duplicates_within: str | Duration | None


class CacheChange(TypedDict, total=False):
    memory: str | Size
    highly_available: bool


class SecretChange(TypedDict, total=False):
    needed: bool
    rotate_after: str | Duration | None


class ModelApiChange(TypedDict, total=False):
    model: str
    needed: bool
    tokens_per_minute: int | None
    worked_on: ModelPlace


class DocumentsChange(TypedDict, total=False):
    partition: str
    throughput: int | None
    expire_after: str | Duration | None
    backup: BackupReach


class ProcessChange(TypedDict, total=False):
    command: str
    cpu: float
    memory: str | Size
    uses: Sequence[Part]
    reads: Sequence[Part]
    sends: Sequence[Part]
    receives: Sequence[Part]
    env: Mapping[str, str]
    gpus: int
    host: Host | AppServicePlan | NodePool


class ServiceChange(ProcessChange, total=False):
    port: int
    health: str
    replicas: tuple[int, int]
    scale: Sequence[ScaleRule]
    public: bool
    sign_in: bool
    start_within: str | Duration


class WorkerChange(ProcessChange, total=False):
    replicas: tuple[int, int]
    scale: Sequence[ScaleRule]


class JobChange(ProcessChange, total=False):
    title: str
    runs: Runs
    retries: int
    time_limit: str | Duration


class ScheduleChange(ProcessChange, total=False):
    cron: str
    retries: int
    time_limit: str | Duration


class SiteChange(TypedDict, total=False):
    directory: str
    port: int
    fallback: str | None


class SandboxChange(TypedDict, total=False):
    command: str
    port: int
    cpu: float
    memory: str | Size
    ready: int
    most: int
    idle: str | Duration
    internet: bool


class TemporalChange(TypedDict, total=False):
    history: Postgres
    version: str
    cpu: float
    memory: str | Size
    replicas: int
    host: Host | AppServicePlan | NodePool
    ui: bool


class AppServicePlanChange(TypedDict, total=False):
    size: str
    instances: tuple[int, int]
    zones: bool


class NodePoolChange(TypedDict, total=False):
    machine: str
    nodes: tuple[int, int]
    spot: bool
    gpus: int
    isolated: bool


class FrontDoorChange(TypedDict, total=False):
    routes: Mapping[str, Service | Site | ApiManagement]
    tier: EdgeTier
    waf: Waf
    limit: str | Rate | None
    domain: str | None
    cache: str | Duration | None


class ApplicationGatewayChange(TypedDict, total=False):
    routes: Mapping[str, Service]
    waf: Waf
    capacity: tuple[int, int]
    domain: str | None


class ApiManagementChange(TypedDict, total=False):
    apis: Mapping[str, Service]
    publisher: str
    tier: ApiTier
    units: int
    products: Sequence[Product]
    version: str


class TrafficManagerChange(TypedDict, total=False):
    to: Service | ApiManagement | ApplicationGateway
    routing: Routing
    health: str


class NetworkChange(TypedDict, total=False):
    space: str
    subnets: Mapping[Tier, str]
    nat: bool
    firewall: bool
    reaches: Sequence[str]
    bastion: bool
    vpn: bool
    administrators: Sequence[str]


class RegistryChange(TypedDict, total=False):
    tier: RegistryTier
    copies_in: Sequence[str]
    keeps: str | Duration


class LogsChange(TypedDict, total=False):
    keeps: str | Duration
    daily_cap: str | Size | None
    archive: Blobs | None


class ContactChange(TypedDict, total=False):
    mail: Sequence[str]
    slack: Secret | None
    pagerduty: Secret | None


class AlertChange(TypedDict, total=False):
    when: Metric | Log
    above: float | str | Size | Duration | None
    below: float | str | Size | Duration | None
    within: str | Duration
    severity: Severity
    tell: Sequence[Contact]
    title: str


class DashboardChange(TypedDict, total=False):
    charts: Sequence[Chart]
    title: str
