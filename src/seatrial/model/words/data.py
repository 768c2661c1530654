"""The words for what keeps something, or knows something."""

from __future__ import annotations

from collections.abc import Sequence

from seatrial.model.parts import (
    BackupReach,
    Blobs,
    Cache,
    Copies,
    Documents,
    ModelApi,
    ModelPlace,
    Postgres,
    PostgresNetwork,
    PostgresSignIn,
    Queue,
    Secret,
    Standby,
)
from seatrial.model.quantities import Duration, Size
from seatrial.model.words.making import Making

__all__ = ["DataWords"]


class DataWords(Making):
    def postgres(
        self,
        name: str,
        *,
        version: int = 17,
        cores: int = 2,
        memory: str | Size | None = None,
        storage: str | Size = "32 GiB",
        extensions: Sequence[str] = (),
        standby: Standby = "none",
        replicas: int = 0,
        backup_days: int = 14,
        geo_backup: bool = False,
        migrate: str | None = None,
        network: PostgresNetwork = "private endpoint",
        sign_in: PostgresSignIn = "identity",
    ) -> Postgres:
        """A PostgreSQL server with one database of the part's name. Users get `<NAME>_URL`, without password.

        Args:
            version: 14 to 18.
            memory: left out, what the usual machine with so many cores has.
            extensions: as in `CREATE EXTENSION`: `"vector"`, `"uuid-ossp"`.
            standby: where a second server waits to take over: `"none"`, `"same zone"`, `"another zone"`.
            replicas: further servers that only answer reads.
            backup_days: how far back a point-in-time restore reaches, 7 to 35.
            geo_backup: backups also in the paired region; can be chosen only when the server is made.
            migrate: a command that brings the schema up to date, run before anything that uses the part.
            network: reached by a `"private endpoint"` or from a `"subnet"` of its own; chosen for good.
            sign_in: by the token of an `"identity"`; or by `"password"`, for clients that know no other way.
        """
        return self._make(
            Postgres,
            name,
            version=version,
            cores=cores,
            memory=memory,
            storage=storage,
            extensions=extensions,
            standby=standby,
            replicas=replicas,
            backup_days=backup_days,
            geo_backup=geo_backup,
            migrate=migrate,
            network=network,
            sign_in=sign_in,
        )

    def blobs(
        self,
        name: str,
        *,
        cool_after: str | Duration | None = None,
        archive_after: str | Duration | None = None,
        delete_after: str | Duration | None = None,
        copies: Copies = "zones",
        undelete_within: str | Duration = "14 days",
    ) -> Blobs:
        """A container of blobs. Users get `<NAME>_URL`: `file://` on a laptop, `az://` on Azure.

        The times count whole days from the last change, in this order; left out, that never happens.

        Args:
            copies: kept in `"one zone"`, in three `"zones"`, also in the paired region (`"regions"`), or in
                `"zones and regions"`.
            undelete_within: how long a deleted blob can be brought back.
        """
        return self._make(
            Blobs,
            name,
            cool_after=cool_after,
            archive_after=archive_after,
            delete_after=delete_after,
            copies=copies,
            undelete_within=undelete_within,
        )

    def queue(
        self,
        name: str,
        *,
        lock: str | Duration = "1 min",
        attempts: int = 10,
        keeps: str | Duration = "14 days",
        topic: bool = False,
        duplicates_within: str | Duration | None = None,
    ) -> Queue:
        """A queue with dead letters behind it. Users get `<NAME>_URL`.

        Args:
            lock: how long a receiver has a message to itself, at most 5 min; longer work renews it.
            attempts: how often a message is delivered before it goes to the dead letters.
            keeps: how long a message waits to be received.
            topic: each process that receives gets every message.
            duplicates_within: a message with the id of one that came within this time is dropped.
        """
        return self._make(
            Queue,
            name,
            lock=lock,
            attempts=attempts,
            keeps=keeps,
            topic=topic,
            duplicates_within=duplicates_within,
        )

    def cache(self, name: str, *, memory: str | Size = "1 GiB", highly_available: bool = True) -> Cache:
        """A Redis cache. Users get `<NAME>_URL`."""
        return self._make(Cache, name, memory=memory, highly_available=highly_available)

    def documents(
        self,
        name: str,
        *,
        partition: str = "/id",
        throughput: int | None = None,
        expire_after: str | Duration | None = None,
        backup: BackupReach = "7 days",
    ) -> Documents:
        """A database of JSON documents (Azure Cosmos DB). Users get `<NAME>_URL`.

        Args:
            partition: the path whose value says which documents are kept together: `"/teacher"`.
            throughput: the most request units a second, followed automatically from a tenth of it; left out,
                paid by the request, which works in one region only.
            expire_after: a document is deleted when it is not changed for so long.
            backup: how far back a restore reaches, to the second: `"7 days"` or `"30 days"`.
        """
        return self._make(
            Documents,
            name,
            partition=partition,
            throughput=throughput,
            expire_after=expire_after,
            backup=backup,
        )

    def secret(self, name: str, *, needed: bool = True, rotate_after: str | Duration | None = None) -> Secret:
        """A value that nobody may see. Users get it as `<NAME>`.

        On a laptop it comes from the environment or a `.env` file, on Azure from a key vault.

        Args:
            needed: False when the system works without it; then it is deployed without it.
            rotate_after: how old it may become; the vault says so before.
        """
        return self._make(Secret, name, needed=needed, rotate_after=rotate_after)

    def model_api(
        self,
        name: str,
        *,
        model: str,
        needed: bool = True,
        tokens_per_minute: int | None = None,
        worked_on: ModelPlace = "anywhere",
    ) -> ModelApi:
        """A language or embedding model behind the OpenAI protocol.

        Users get `<NAME>_URL`, `<NAME>_MODEL` and `<NAME>_KEY`.

        Args:
            model: its name, as `"text-embedding-3-small"`.
            needed: False when the system works without it.
            tokens_per_minute: how much it admits; what is more is answered with 429.
            worked_on: where prompts may go: `"anywhere"`, the `"data zone"`, or the system's `"region"`.
        """
        return self._make(
            ModelApi,
            name,
            model=model,
            needed=needed,
            tokens_per_minute=tokens_per_minute,
            worked_on=worked_on,
        )
