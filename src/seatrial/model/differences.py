"""What a variant may change of each kind of part: the keywords of `change`, for editors and type checkers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from seatrial.model.parts import Host, Part, Runs, Standby
from seatrial.model.quantities import Duration, Size
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


class BlobsChange(TypedDict, total=False):
    cool_after: str | Duration | None
    archive_after: str | Duration | None
    delete_after: str | Duration | None


class QueueChange(TypedDict, total=False):
    lock: str | Duration
    attempts: int
    keeps: str | Duration
    topic: bool


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


class ProcessChange(TypedDict, total=False):
    command: str
    cpu: float
    memory: str | Size
    uses: Sequence[Part]
    env: Mapping[str, str]
    host: Host


class ServiceChange(ProcessChange, total=False):
    port: int
    health: str
    replicas: tuple[int, int]
    scale: Sequence[ScaleRule]
    public: bool
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
