from typing import Any

import pytest

from seatrial import System
from seatrial.azure import container_jobs, identity
from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph, Resource
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, plain


def kiosk() -> System:
    return System("kiosk", region="eastus2")


def here(made: Graph) -> Stamp:
    return Stamp(plan=made.plan, region="eastus2")


def job(made: Graph, name: str) -> Resource:
    return made.by_ref[container_jobs.job(name, here(made))]


def configuration(resource: Resource) -> Any:
    return resource.body["properties"]["configuration"]


@pytest.mark.parametrize(
    ("runs", "started"),
    [
        ("by hand", "fill is started by hand: 0.5 vCPU and 1 GiB"),
        ("once", "fill is started once, after the data was made: 0.5 vCPU and 1 GiB"),
        ("every start", "fill is started by every deployment: 0.5 vCPU and 1 GiB"),
    ],
)
def test_azure_starts_no_job_by_itself(runs: Any, started: str) -> None:
    system = kiosk()
    system.job("fill", "python -m kiosk.fill", runs=runs, retries=2, time_limit="12 h")

    fill = job(graph(system.plan()), "fill")

    assert configuration(fill)["triggerType"] == "Manual"
    assert configuration(fill)["manualTriggerConfig"] == {"parallelism": 1, "replicaCompletionCount": 1}
    assert configuration(fill)["replicaTimeout"] == 43_200  # 12 h of 3,600 s
    assert configuration(fill)["replicaRetryLimit"] == 2
    assert fill.why == started


def test_a_schedule_is_started_by_the_clock() -> None:
    system = kiosk()
    system.schedule("tidy", "python -m kiosk.tidy", cron="0 */6 * * *")

    tidy = job(graph(system.plan()), "tidy")

    assert configuration(tidy)["triggerType"] == "Schedule"
    assert configuration(tidy)["scheduleTriggerConfig"] == {
        "cronExpression": "0 */6 * * *",
        "parallelism": 1,
        "replicaCompletionCount": 1,
    }
    assert tidy.why == "tidy runs by the clock, 0 */6 * * * UTC: 0.5 vCPU and 1 GiB"


def test_a_job_is_somebody_of_its_own_and_finds_its_secrets_in_the_vault() -> None:
    system = kiosk()
    system.job("fill", "python -m kiosk.fill", uses=[system.secret("api-key")])
    made = graph(system.plan())

    fill = job(made, "fill")

    me = Id(of=identity.ref("fill", here(made)))
    assert fill.body["identity"] == {"type": "UserAssigned", "userAssignedIdentities": {me: {}}}
    (kept,) = configuration(fill)["secrets"]
    assert (kept["name"], kept["identity"]) == ("api-key", me)
    assert "value" not in kept
    (container,) = fill.body["properties"]["template"]["containers"]
    assert container["command"] == ["python", "-m", "kiosk.fill"]
    assert "probes" not in container


def test_a_schema_is_brought_up_to_date_by_a_job_of_its_own_image() -> None:
    system = kiosk()
    papers = system.postgres("papers", migrate="python -m kiosk.migrate --all")
    system.service("web", "python -m kiosk.web", port=8000, uses=[papers])
    made = graph(system.plan())

    migration = job(made, "papers-migrate")

    (container,) = migration.body["properties"]["template"]["containers"]
    assert container["command"] == ["python", "-m", "kiosk.migrate", "--all"]
    assert plain(container["image"], "?") == "?/kiosk/papers-migrate:?"
    assert configuration(migration)["triggerType"] == "Manual"
    assert migration.part == "papers"


def test_a_migration_runs_in_container_apps_although_nothing_else_does() -> None:
    system = kiosk()
    papers = system.postgres("papers", migrate="python -m kiosk.migrate")
    machines = system.app_service_plan("machines")
    system.service("web", "python -m kiosk.web", port=8000, uses=[papers], host=machines)
    made = graph(system.plan())

    assert job(made, "papers-migrate")
    (environment,) = made.of("Microsoft.App/managedEnvironments")
    assert environment.body["properties"]["vnetConfiguration"]["internal"] is True


def test_a_migration_starts_when_it_may_do_what_it_must() -> None:
    system = kiosk()
    papers = system.postgres("papers", migrate="python -m kiosk.migrate", sign_in="password")
    system.service("web", "python -m kiosk.web", port=8000, uses=[papers])
    made = graph(system.plan())

    before = {made.by_ref[ref].why for ref in job(made, "papers-migrate").after}

    assert "papers-migrate pulls images" in before
    assert "Lets papers-migrate write its traces and measures" in before
    assert "papers-migrate reads papers-password, and no other secret" in before


def test_every_region_has_its_own_jobs() -> None:
    system = System("kiosk", region="eastus2", also_in=("westeurope",))
    system.job("fill", "python -m kiosk.fill")

    jobs = graph(system.plan()).of("Microsoft.App/jobs")

    assert [each.ref.name for each in jobs] == ["fill-eastus2", "fill-westeurope"]
