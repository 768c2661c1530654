"""The parts that keep something, or know something."""

from __future__ import annotations

from typing import Literal

from seatrial.model.parts.base import Part
from seatrial.model.quantities import Duration, Size

__all__ = [
    "BackupReach",
    "Blobs",
    "Cache",
    "Copies",
    "Documents",
    "ModelApi",
    "ModelPlace",
    "Postgres",
    "PostgresNetwork",
    "PostgresSignIn",
    "Queue",
    "Secret",
    "Standby",
]

Standby = Literal["none", "same zone", "another zone"]
"""Where the second PostgreSQL server waits to take over."""

PostgresNetwork = Literal["private endpoint", "subnet"]
"""How PostgreSQL is reached: by a private endpoint, or from a subnet of its own. Chosen once, for good."""

PostgresSignIn = Literal["identity", "password"]
"""What a client of PostgreSQL shows: the token of its identity, or a password out of the vault."""

Copies = Literal["one zone", "zones", "regions", "zones and regions"]
"""Where blobs are kept: three times in one zone; in three zones; also in the paired region; both."""

BackupReach = Literal["7 days", "30 days"]
"""How far back a continuous backup reaches. Azure Cosmos DB knows these two."""

ModelPlace = Literal["anywhere", "data zone", "region"]
"""Where prompts may be worked on: in any region of Azure, in those of one legal area, or in the system's."""


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
    network: PostgresNetwork
    sign_in: PostgresSignIn


class Blobs(Part):
    """A container of blobs with a life cycle."""

    cool_after: Duration | None
    archive_after: Duration | None
    delete_after: Duration | None
    copies: Copies
    undelete_within: Duration
    """How long a deleted blob can be brought back."""


class Queue(Part):
    """A queue of messages with a dead-letter queue behind it."""

    lock: Duration
    attempts: int
    """How often a message is delivered before it goes to the dead letters."""
    keeps: Duration
    topic: bool
    """Whether each process that receives gets every message."""
    duplicates_within: Duration | None
    """A message with the id of one that came within this time is dropped."""


class Cache(Part):
    """A Redis cache."""

    memory: Size
    highly_available: bool


class Documents(Part):
    """A database of JSON documents, each found by its partition and its id."""

    partition: str
    """The path in a document whose value says which documents are kept together, as `/teacher`."""
    throughput: int | None
    """The most request units a second, followed automatically; None: paid by the request (serverless)."""
    expire_after: Duration | None
    backup: BackupReach


class Secret(Part):
    """A value that nobody may see: from the environment variable `variable`, or from a `.env` file."""

    needed: bool
    """False: the system works without it, and is deployed without it."""
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
    worked_on: ModelPlace
