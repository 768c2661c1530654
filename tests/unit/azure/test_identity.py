from seatrial import System
from seatrial.azure import identity
from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph
from seatrial.azure.stamp import Stamp

IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"


def names(of: Graph) -> set[object]:
    return {each.ref.name for each in of.of(IDENTITIES)}


def kiosk(also_in: tuple[str, ...] = ()) -> System:
    system = System("kiosk", region="eastus2", also_in=also_in)
    papers = system.postgres("papers", migrate="python -m kiosk.migrate")
    system.service("web", "python -m kiosk.web", port=8000, uses=[papers])
    system.worker("mover", "python -m kiosk.mover", uses=[papers])
    system.job("fill", "python -m kiosk.fill", uses=[papers])
    system.schedule("tidy", "python -m kiosk.tidy", cron="0 3 * * *", uses=[papers])
    return system


def test_every_process_and_every_migration_is_somebody_of_its_own() -> None:
    made = graph(kiosk().plan())

    assert names(made) == {
        "web-identity",
        "mover-identity",
        "fill-identity",
        "tidy-identity",
        "papers-migrate-identity",
    }


def test_a_process_is_somebody_else_in_each_region() -> None:
    made = graph(kiosk(("westeurope",)).plan())

    assert {"web-identity-eastus2", "web-identity-westeurope"} <= names(made)
    assert len(names(made)) == 10


def test_a_store_that_nobody_migrates_has_no_identity() -> None:
    system = System("kiosk", region="eastus2")
    papers = system.postgres("papers")
    system.service("web", "python -m kiosk.web", port=8000, uses=[papers])

    assert names(graph(system.plan())) == {"web-identity"}


def test_the_pool_of_a_sandbox_is_somebody_who_pulls_its_image() -> None:
    system = System("kiosk", region="eastus2")
    system.sandbox("cell", "python -m kiosk.cell", port=8080)
    plan = system.plan()

    assert identity.ref("cell", Stamp(plan=plan, region="eastus2")) in graph(plan).by_ref
    assert list(identity.puller_names(plan)) == [("cell", "cell")]


def test_on_kubernetes_machines_pull_images_and_processes_do_not() -> None:
    system = System("kiosk", region="eastus2")
    pool = system.node_pool("machines")
    system.service("web", "python -m kiosk.web", port=8000, host=pool)
    system.worker("mover", "python -m kiosk.mover")
    plan = system.plan()

    assert list(identity.puller_names(plan)) == [("mover", "mover")]
