"""The words that make parts, the same for a system and for a variant of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from seatrial.model.drafts import Draft, read_part
from seatrial.model.expectations import Expectation, WantedBudget
from seatrial.model.mistakes import calling_place
from seatrial.model.parts import (
    Blobs,
    Cache,
    Endpoint,
    Host,
    Job,
    ModelApi,
    Part,
    Postgres,
    Queue,
    Runs,
    Schedule,
    Secret,
    Service,
    Site,
    Standby,
    Worker,
)
from seatrial.model.quantities import Duration, Money, Rate, Size
from seatrial.model.scaling import ScaleRule
from seatrial.model.targets import WantedAvailability, WantedRecovery

__all__ = ["Builder"]

P = TypeVar("P", bound=Part)


class Builder:
    """Makes parts; what is wrong with one is kept beside it, and its maker goes on."""

    def __init__(self, system: str) -> None:
        self._system = system
        self._drafts: list[Draft] = []
        self._expectations: list[Expectation] = []
        self._budgets: list[WantedBudget] = []

    def __repr__(self) -> str:
        return f'{type(self).__name__}("{self._system}")'

    def _make(self, kind: type[P], name: str, **fields: Any) -> P:
        draft = read_part(kind, self._system, name, fields, calling_place())
        self._drafts.append(draft)
        assert isinstance(draft.part, kind)
        return draft.part

    # -- data -------------------------------------------------------------------------------------------

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
        )

    def blobs(
        self,
        name: str,
        *,
        cool_after: str | Duration | None = None,
        archive_after: str | Duration | None = None,
        delete_after: str | Duration | None = None,
    ) -> Blobs:
        """A container of blobs. Users get `<NAME>_URL`: `file://` on a laptop, `az://` on Azure.

        The times count whole days from the last change, in this order; left out, that never happens.
        """
        return self._make(
            Blobs, name, cool_after=cool_after, archive_after=archive_after, delete_after=delete_after
        )

    def queue(
        self,
        name: str,
        *,
        lock: str | Duration = "1 min",
        attempts: int = 10,
        keeps: str | Duration = "14 days",
        topic: bool = False,
    ) -> Queue:
        """A queue with dead letters behind it. Users get `<NAME>_URL`.

        Args:
            lock: how long a receiver has a message to itself, at most 5 min; longer work renews it.
            attempts: how often a message is delivered before it goes to the dead letters.
            keeps: how long a message waits to be received.
            topic: each of several subscribers gets every message.
        """
        return self._make(Queue, name, lock=lock, attempts=attempts, keeps=keeps, topic=topic)

    def cache(self, name: str, *, memory: str | Size = "1 GiB", highly_available: bool = True) -> Cache:
        """A Redis cache. Users get `<NAME>_URL`."""
        return self._make(Cache, name, memory=memory, highly_available=highly_available)

    def secret(self, name: str, *, needed: bool = True, rotate_after: str | Duration | None = None) -> Secret:
        """A value that nobody may see. Users get it as `<NAME>`.

        On a laptop it comes from the environment or a `.env` file, on Azure from a key vault.

        Args:
            needed: False when the system works without it.
        """
        return self._make(Secret, name, needed=needed, rotate_after=rotate_after)

    def model_api(
        self, name: str, *, model: str, needed: bool = True, tokens_per_minute: int | None = None
    ) -> ModelApi:
        """A language or embedding model behind the OpenAI protocol.

        Users get `<NAME>_URL`, `<NAME>_MODEL` and `<NAME>_KEY`.

        Args:
            model: its name, as `"text-embedding-3-small"`.
            needed: False when the system works without it.
        """
        return self._make(ModelApi, name, model=model, needed=needed, tokens_per_minute=tokens_per_minute)

    # -- processes --------------------------------------------------------------------------------------

    def service(
        self,
        name: str,
        command: str,
        *,
        port: int,
        health: str = "/health",
        cpu: float = 0.5,
        memory: str | Size = "1 GiB",
        replicas: tuple[int, int] = (1, 3),
        scale: Sequence[ScaleRule] = (),
        uses: Sequence[Part] = (),
        env: Mapping[str, str] | None = None,
        public: bool = False,
        start_within: str | Duration = "1 min",
        host: Host = "container apps",
    ) -> Service:
        """A process that answers HTTP. Users get `<NAME>_URL`; itself gets `PORT` and `HOST`.

        Args:
            command: split as a shell would, run without one; `{port}` stands for the port.
            health: the path that answers 2xx when the service is ready for work.
            cpu: cores.
            replicas: fewest and most.
            scale: what makes replicas more or fewer: `requests(50)`, `cpu(70)`, …
            uses: what it cannot do without; becomes its environment variables.
            env: settings that are no secret.
            public: reached from outside the system's own network.
            start_within: how long from start to the first healthy answer.
            host: what runs it on Azure.
        """
        return self._make(
            Service,
            name,
            command=command,
            port=port,
            health=health,
            cpu=cpu,
            memory=memory,
            replicas=replicas,
            scale=scale,
            uses=uses,
            env=env or {},
            public=public,
            start_within=start_within,
            host=host,
        )

    def worker(
        self,
        name: str,
        command: str,
        *,
        cpu: float = 0.5,
        memory: str | Size = "1 GiB",
        replicas: tuple[int, int] = (1, 1),
        scale: Sequence[ScaleRule] = (),
        uses: Sequence[Part] = (),
        env: Mapping[str, str] | None = None,
        host: Host = "container apps",
    ) -> Worker:
        """A process that answers nobody: it takes work from a store or a queue.

        To reach no replica it needs a rule that can wake it: `backlog` or `queue_length`. The arguments are
        those of `service`.
        """
        return self._make(
            Worker,
            name,
            command=command,
            cpu=cpu,
            memory=memory,
            replicas=replicas,
            scale=scale,
            uses=uses,
            env=env or {},
            host=host,
        )

    def job(
        self,
        name: str,
        command: str,
        *,
        title: str | None = None,
        runs: Runs = "by hand",
        cpu: float = 0.5,
        memory: str | Size = "1 GiB",
        retries: int = 0,
        time_limit: str | Duration = "1 h",
        uses: Sequence[Part] = (),
        env: Mapping[str, str] | None = None,
        host: Host = "container apps",
    ) -> Job:
        """A process that ends.

        Args:
            title: what it does, for people; left out, its name.
            runs: `"by hand"` (`seatrial run`), `"once"` after the data was made, or at `"every start"`.
            retries: how often it is tried again when it fails.
            time_limit: after which it is ended.

        The other arguments are those of `service`.
        """
        return self._make(
            Job,
            name,
            command=command,
            title=str(name) or "unnamed" if title is None else title,
            runs=runs,
            cpu=cpu,
            memory=memory,
            retries=retries,
            time_limit=time_limit,
            uses=uses,
            env=env or {},
            host=host,
        )

    def schedule(
        self,
        name: str,
        command: str,
        *,
        cron: str,
        cpu: float = 0.5,
        memory: str | Size = "1 GiB",
        retries: int = 0,
        time_limit: str | Duration = "1 h",
        uses: Sequence[Part] = (),
        env: Mapping[str, str] | None = None,
        host: Host = "container apps",
    ) -> Schedule:
        """A process that ends, started by the clock.

        Args:
            cron: minute, hour, day of month, month, day of week, in UTC: `"0 */6 * * *"` is every six hours.

        The other arguments are those of `job`.
        """
        return self._make(
            Schedule,
            name,
            command=command,
            cron=cron,
            cpu=cpu,
            memory=memory,
            retries=retries,
            time_limit=time_limit,
            uses=uses,
            env=env or {},
            host=host,
        )

    def site(self, name: str, *, directory: str, port: int, fallback: str | None = None) -> Site:
        """Static files, served as they are. Users get `<NAME>_URL`.

        Args:
            directory: relative to the folder of the system file.
            fallback: the file that answers for a path that is none, for single-page applications.
        """
        return self._make(Site, name, directory=directory, port=port, fallback=fallback)

    # -- targets ----------------------------------------------------------------------------------------

    def expects(
        self,
        what: Endpoint | WantedRecovery | WantedAvailability,
        *,
        p95: str | Duration | None = None,
        p99: str | Duration | None = None,
        at: str | Rate | None = None,
    ) -> None:
        """A promise that can be measured.

        Args:
            what: an address, `api.get("/path")`; or `recovery(…)`; or `available("99.9 %")`.
            p95: for an address: 95 of 100 answers are at least this fast, as `"100 ms"`.
            p99: the same for 99 of 100.
            at: for an address: the rate of requests at which that holds, as `"20/s"`.
        """
        self._expectations.append(Expectation(what=what, p95=p95, p99=p99, at=at, call=calling_place()))

    def budget(
        self, limit: str | Money, *, records: int | None = None, requests: str | Rate | None = None
    ) -> None:
        """What a month may cost, as `"$300/month"`, with so many records held and requests answered."""
        self._budgets.append(
            WantedBudget(limit=limit, records=records, requests=requests, call=calling_place())
        )
