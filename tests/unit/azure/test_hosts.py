from typing import Any

import pytest

from seatrial import System
from seatrial.azure import hosts, identity, secret
from seatrial.azure.errors import Refused
from seatrial.azure.hosts import Setting
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Out, Parameter, expressions, plain
from seatrial.model import Plan, Postgres, Process, Secret, Service


def at(plan: Plan, region: str = "eastus2") -> Stamp:
    return Stamp(plan=plan, region=region)


def given(system: System, name: str = "web") -> dict[str, Setting]:
    plan = system.plan()
    process = plan.part(name)
    assert isinstance(process, Process)
    return {each.name: each for each in hosts.settings(process, at(plan))}


def kiosk() -> System:
    return System("kiosk", region="eastus2")


def service(system: System, **wanted: Any) -> Service:
    return system.service("web", "python -m kiosk.web", port=8000, **wanted)


def test_a_service_is_told_who_it_is_where_it_answers_and_whom_it_tells() -> None:
    system = kiosk()
    service(system, env={"MODE": "fast"})

    settings = given(system)

    assert list(settings) == [
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "AZURE_CLIENT_ID",
        "HOST",
        "MODE",
        "OTEL_SERVICE_NAME",
        "PORT",
    ]
    me = identity.ref("web", at(system.plan()))
    assert settings["AZURE_CLIENT_ID"].value == Out(of=me, path="properties.clientId")
    assert settings["OTEL_SERVICE_NAME"].value == "web"
    assert settings["PORT"].value == "8000"
    assert settings["MODE"].value == "fast"


def test_a_worker_has_no_port() -> None:
    system = kiosk()
    system.worker("mover", "python -m kiosk.mover")

    assert {"PORT", "HOST"}.isdisjoint(given(system, "mover"))


def test_each_part_that_is_used_gives_its_address() -> None:
    system = kiosk()
    engine_history = system.postgres("history", sign_in="password", extensions=["btree_gin"])
    pages = system.site("pages", directory=".", port=8002)
    inner = system.service("inner", "python -m kiosk.inner", port=8001)
    used = [
        system.postgres("papers"),
        system.blobs("models"),
        system.queue("orders"),
        system.cache("hot"),
        system.documents("results", partition="/owner"),
        system.model_api("brain", model="gpt-4.1-mini"),
        system.sandbox("cell", "python -m kiosk.cell", port=8080),
        system.temporal("engine", history=engine_history),
        pages,
        inner,
    ]
    service(system, uses=used)

    assert {
        "BRAIN_MODEL",
        "BRAIN_URL",
        "CELL_URL",
        "ENGINE_URL",
        "HOT_URL",
        "INNER_URL",
        "MODELS_URL",
        "ORDERS_URL",
        "PAGES_URL",
        "PAPERS_URL",
        "RESULTS_URL",
    } <= set(given(system))


def test_a_secret_is_named_and_never_said() -> None:
    system = kiosk()
    service(system, uses=[system.secret("signing-key"), system.secret("mailer", needed=False)])

    settings = given(system)

    (signing_key, _) = system.plan().of(Secret)
    assert settings["SIGNING_KEY"] == Setting(
        name="SIGNING_KEY", secret=secret.ref(signing_key, at(system.plan()))
    )
    assert "MAILER" not in settings  # is not deployed


def test_who_signs_in_to_postgresql_by_identity_is_named_and_has_no_password() -> None:
    system = kiosk()
    service(system, uses=[system.postgres("papers")])

    settings = given(system)

    assert settings["PGUSER"].value == "web-identity"
    assert "PGPASSWORD" not in settings


def test_who_signs_in_by_password_finds_it_in_the_vault() -> None:
    system = kiosk()
    service(system, uses=[system.postgres("papers", sign_in="password")])

    settings = given(system)

    (papers,) = system.plan().of(Postgres)
    assert settings["PGPASSWORD"].secret == secret.password(papers, at(system.plan()))
    assert settings["PGPASSWORD"].value is None
    assert "PGUSER" not in settings  # stands in the address


def test_two_passwords_for_one_process_are_refused() -> None:
    system = kiosk()
    service(system, uses=[system.postgres(name, sign_in="password") for name in ("papers", "orders")])

    with pytest.raises(Refused) as refused:
        given(system)

    (trouble,) = refused.value.troubles
    assert trouble.part == "web"
    assert trouble.what == "signs in to papers and orders by password, and a process has one PGPASSWORD"
    assert trouble.hint == 'let it sign in to all of them but one by sign_in="identity"'


def test_a_service_behind_a_front_door_that_has_no_private_way_is_told_which_one() -> None:
    system = kiosk()
    system.front_door("entrance", routes={"/*": service(system)}, tier="standard")

    asked = given(system)["FRONT_DOOR_ID"].value

    assert isinstance(asked, Parameter)
    assert (asked.name, asked.default, asked.secret) == ("entranceId", "", False)


def test_a_service_behind_a_front_door_with_a_private_way_need_not_know_it() -> None:
    system = kiosk()
    system.front_door("entrance", routes={"/*": service(system)}, tier="premium")

    assert "FRONT_DOOR_ID" not in given(system)


def test_a_migration_is_told_whom_to_let_in_and_how_far() -> None:
    system = kiosk()
    papers = system.postgres("papers", migrate="python -m kiosk.migrate")
    service(system, uses=[papers])
    system.worker("report", "python -m kiosk.report", reads=[papers])
    plan = system.plan()

    settings = {each.name: each for each in hosts.migration_settings(plan.of(Postgres)[0], at(plan))}

    roles = settings["PAPERS_ROLES"].value or ""
    assert plain(roles, "<id>") == "web-identity:<id>=all,report-identity:<id>=reads"
    assert [each for each in expressions(roles) if isinstance(each, Out)] == [
        Out(of=identity.ref(name, at(plan)), path="properties.principalId") for name in ("web", "report")
    ]
    assert settings["PGUSER"].value == "papers-migrate-identity"
    assert plain(settings["PAPERS_URL"].value or "").startswith("postgresql://")


def test_a_migration_that_signs_in_by_password_makes_no_roles() -> None:
    system = kiosk()
    papers = system.postgres("papers", migrate="python -m kiosk.migrate", sign_in="password")
    service(system, uses=[papers])
    plan = system.plan()

    settings = {each.name: each for each in hosts.migration_settings(plan.of(Postgres)[0], at(plan))}

    assert "PAPERS_ROLES" not in settings
    assert settings["PGPASSWORD"].secret == secret.password(plan.of(Postgres)[0], at(plan))


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("container apps", "https://?"),
        ("container instances", "http://web.kiosk.internal:8000"),
        ("aks", "http://web.kiosk.svc.cluster.local:8000"),
    ],
)
def test_users_of_a_service_are_given_its_address_on_its_host(host: str, address: str) -> None:
    system = kiosk()
    service(system, host=host, replicas=(1, 1))
    plan = system.plan()

    assert plain(hosts.variables(plan.of(Service)[0], at(plan))["WEB_URL"], "?") == address


def test_an_app_service_is_named_by_azure() -> None:
    system = kiosk()
    service(system, host=system.app_service_plan("machines"))
    plan = system.plan()

    name = hosts.hostname(plan.of(Service)[0], at(plan))

    assert isinstance(name, Out)
    assert (name.of.type, name.path) == ("Microsoft.Web/sites", "properties.defaultHostName")


def test_a_process_uses_what_stands_in_its_own_region() -> None:
    system = System("kiosk", region="eastus2", also_in=("westeurope",))
    service(system, uses=[system.blobs("models")])
    plan = system.plan()

    here, there = (
        {each.name: each.value for each in hosts.settings(plan.of(Service)[0], at(plan, region))}
        for region in plan.regions
    )

    assert here["MODELS_URL"] != there["MODELS_URL"]
    assert here["AZURE_CLIENT_ID"] != there["AZURE_CLIENT_ID"]
