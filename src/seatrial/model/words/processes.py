"""The words for what runs, and for what it runs on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from seatrial.model.parts import (
    AppServicePlan,
    Host,
    Job,
    NodePool,
    Part,
    Postgres,
    Runs,
    Sandbox,
    Schedule,
    Service,
    Site,
    Temporal,
    Worker,
)
from seatrial.model.quantities import Duration, Size
from seatrial.model.scaling import ScaleRule
from seatrial.model.words.making import Making

__all__ = ["ProcessWords"]


class ProcessWords(Making):
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
        reads: Sequence[Part] = (),
        sends: Sequence[Part] = (),
        receives: Sequence[Part] = (),
        env: Mapping[str, str] | None = None,
        public: bool = False,
        sign_in: bool = False,
        start_within: str | Duration = "1 min",
        gpus: int = 0,
        host: Host | AppServicePlan | NodePool = "container apps",
    ) -> Service:
        """A process that answers HTTP. Users get `<NAME>_URL`; itself gets `PORT` and `HOST`.

        Args:
            command: split as a shell would, run without one; `{port}` stands for the port.
            health: the path that answers 2xx when the service is ready for work.
            cpu: cores.
            replicas: fewest and most.
            scale: what makes replicas more or fewer: `requests(50)`, `cpu(70)`, …
            uses: what it cannot do without; becomes its environment variables.
            reads: the same, of stores that it only reads.
            sends: the same, of queues that it only sends to.
            receives: the same, of queues that it only receives from.
            env: settings that are no secret.
            public: reached from outside the system's own network.
            sign_in: a person must sign in before a request reaches it.
            start_within: how long from start to the first healthy answer.
            gpus: for each replica.
            host: what runs it on Azure: a kind of host, or machines that it shares with others.
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
            reads=reads,
            sends=sends,
            receives=receives,
            env=env or {},
            public=public,
            sign_in=sign_in,
            start_within=start_within,
            gpus=gpus,
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
        reads: Sequence[Part] = (),
        sends: Sequence[Part] = (),
        receives: Sequence[Part] = (),
        env: Mapping[str, str] | None = None,
        gpus: int = 0,
        host: Host | AppServicePlan | NodePool = "container apps",
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
            reads=reads,
            sends=sends,
            receives=receives,
            env=env or {},
            gpus=gpus,
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
        reads: Sequence[Part] = (),
        sends: Sequence[Part] = (),
        receives: Sequence[Part] = (),
        env: Mapping[str, str] | None = None,
        gpus: int = 0,
        host: Host | AppServicePlan | NodePool = "container apps",
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
            reads=reads,
            sends=sends,
            receives=receives,
            env=env or {},
            gpus=gpus,
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
        reads: Sequence[Part] = (),
        sends: Sequence[Part] = (),
        receives: Sequence[Part] = (),
        env: Mapping[str, str] | None = None,
        gpus: int = 0,
        host: Host | AppServicePlan | NodePool = "container apps",
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
            reads=reads,
            sends=sends,
            receives=receives,
            env=env or {},
            gpus=gpus,
            host=host,
        )

    def site(self, name: str, *, directory: str, port: int, fallback: str | None = None) -> Site:
        """Static files, served as they are. Users get `<NAME>_URL`.

        Args:
            directory: relative to the folder of the system file.
            fallback: the file that answers for a path that is none, for single-page applications.
        """
        return self._make(Site, name, directory=directory, port=port, fallback=fallback)

    def sandbox(
        self,
        name: str,
        command: str,
        *,
        port: int,
        cpu: float = 0.5,
        memory: str | Size = "1 GiB",
        ready: int = 1,
        most: int = 20,
        idle: str | Duration = "5 min",
        internet: bool = False,
    ) -> Sandbox:
        """A pool of short-lived containers for code that nobody trusts. Users get `<NAME>_URL`.

        Each has a kernel of its own, nothing of the system's rights or network, and ends with its session.

        Args:
            command: the program that answers inside, on `port`.
            ready: containers that wait, started, for the next session.
            most: sessions at once.
            idle: after this long without a request, the container is destroyed.
            internet: whether the code may reach out.
        """
        return self._make(
            Sandbox,
            name,
            command=command,
            port=port,
            cpu=cpu,
            memory=memory,
            ready=ready,
            most=most,
            idle=idle,
            internet=internet,
        )

    def temporal(
        self,
        name: str,
        *,
        history: Postgres,
        version: str = "1.29.7",
        cpu: float = 1,
        memory: str | Size = "2 GiB",
        replicas: int = 1,
        host: Host | AppServicePlan | NodePool = "container apps",
        ui: bool = True,
    ) -> Temporal:
        """A Temporal server, the engine of durable workflows. Users get `<NAME>_URL`.

        Args:
            history: where it keeps its runs; a database of its own, with `sign_in="password"`.
            version: of the image, with all three numbers.
            ui: whether its own web page runs beside it, inside the network.
        """
        return self._make(
            Temporal,
            name,
            history=history,
            version=version,
            cpu=cpu,
            memory=memory,
            replicas=replicas,
            host=host,
            ui=ui,
        )

    # -- what they run on -------------------------------------------------------------------------------

    def app_service_plan(
        self, name: str, *, size: str = "P1v3", instances: tuple[int, int] = (1, 1), zones: bool = False
    ) -> AppServicePlan:
        """Machines of App Service that the processes with `host=` this plan share.

        Args:
            size: as Azure names it: `"P1v3"` has 2 cores and 8 GiB, `"P2v3"` 4 and 16.
            instances: fewest and most machines.
            zones: whether they are spread over availability zones.
        """
        return self._make(AppServicePlan, name, size=size, instances=instances, zones=zones)

    def node_pool(
        self,
        name: str,
        *,
        machine: str = "Standard_D4s_v5",
        nodes: tuple[int, int] = (2, 5),
        spot: bool = False,
        gpus: int = 0,
        isolated: bool = False,
    ) -> NodePool:
        """Machines of the system's Kubernetes cluster that the processes with `host=` this pool share.

        Args:
            machine: as Azure names it.
            nodes: fewest and most machines.
            spot: cheaper machines that Azure may take back at any time.
            gpus: of each machine.
            isolated: every pod gets a kernel of its own, for code that nobody trusts.
        """
        return self._make(
            NodePool, name, machine=machine, nodes=nodes, spot=spot, gpus=gpus, isolated=isolated
        )
