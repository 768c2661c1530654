from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

from seatrial.deliver import compose
from seatrial.deliver.layout import layout
from seatrial.model import Plan, System


def harbour() -> Plan:
    """A system with one of everything that Compose has a word for."""
    system = System("harbour", region="eastus2")
    papers = system.postgres("papers", version=17, cores=2, migrate="python -m harbour.store migrate")
    history = system.postgres("history", version=18, sign_in="password")
    models = system.blobs("models")
    cache = system.cache("cache", memory="1 GiB")
    jobs = system.queue("jobs", lock="5 min", attempts=4, keeps="7 days")
    events = system.queue("events", topic=True)
    cards = system.documents("cards", partition="/owner")
    key = system.secret("signing-key")
    model = system.model_api("openai", model="text-embedding-3-small", needed=False)
    engine = system.temporal("engine", history=history)
    box = system.sandbox("box", "python -m harbour.box", port=9000, cpu=0.5, memory="1 GiB")
    inner = system.service("inner", "python -m harbour.inner", port=7000, health="/health")
    system.service(
        "web",
        "python -m harbour.web",
        port=8000,
        health="/health",
        cpu=0.5,
        memory="1 GiB",
        public=True,
        uses=[papers, cache, cards, key, model, engine, box, inner],
        reads=[models],
        sends=[jobs],
        env={"COLOUR": "blue"},
    )
    system.worker("digger", "python -m harbour.digger", uses=[models], receives=[jobs, events])
    system.job("fill", "python -m harbour.fill", title="Fill it", runs="once", uses=[papers])
    system.schedule("sweep", "python -m harbour.sweep", cron="0 3 * * *", uses=[papers])
    system.site("page", directory="page", port=8001, fallback="index.html")
    return system.plan()


def composed(tmp_path: Path, plan: Plan | None = None) -> dict[str, Any]:
    plan = plan or harbour()
    document = yaml.safe_load(compose.files(plan, layout(plan, tmp_path))["compose.yaml"])
    assert isinstance(document, dict)
    return document


def test_what_a_process_uses_is_told_to_it_by_the_same_names_as_on_azure(tmp_path: Path) -> None:
    given = composed(tmp_path)["services"]["web"]["environment"]

    assert {name: value for name, value in given.items() if name.endswith("_URL")} == {
        "PAPERS_URL": "postgresql://seatrial@papers:5432/papers",
        "MODELS_URL": "file:///data/models",
        "CACHE_URL": "redis://cache:6379/0",
        "JOBS_URL": "sb://queues/jobs",
        "CARDS_URL": "http://cards:8081/cards",
        "OPENAI_URL": "${OPENAI_URL:-}",
        "ENGINE_URL": "engine:7233",
        "BOX_URL": "http://box:9000",
        "INNER_URL": "http://inner:7000",
    }
    assert given["COLOUR"] == "blue"


def test_no_secret_is_written_and_each_is_asked_for(tmp_path: Path) -> None:
    plan = harbour()
    made = compose.files(plan, layout(plan, tmp_path))
    asked = set(re.findall(r"\$\{([A-Z_]+):\?", made["compose.yaml"]))

    assert asked >= {"POSTGRES_PASSWORD", "SIGNING_KEY"}
    assert asked <= set(re.findall(r"^([A-Z_]+)=$", made[".env.example"], re.MULTILINE))


def test_everything_waits_for_what_it_uses_to_be_well(tmp_path: Path) -> None:
    services = composed(tmp_path)["services"]

    assert services["web"]["depends_on"]["papers"] == {"condition": "service_healthy"}
    assert services["web"]["depends_on"]["papers-migrate"] == {"condition": "service_completed_successfully"}
    for name, service in services.items():
        for needed, how in service.get("depends_on", {}).items():
            assert how["condition"] != "service_healthy" or "healthcheck" in services[needed], (name, needed)


def test_containers_have_no_capabilities_and_no_more_than_their_share(tmp_path: Path) -> None:
    for name, service in composed(tmp_path)["services"].items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["deploy"]["resources"]["limits"]["memory"], name
        assert "privileged" not in service, name


def test_our_own_containers_cannot_write_where_they_are_installed(tmp_path: Path) -> None:
    services = composed(tmp_path)["services"]
    ours = {name: each for name, each in services.items() if "build" in each}

    assert set(ours) == {"papers-migrate", "web", "inner", "digger", "fill", "sweep", "box"}
    assert all(each["read_only"] for each in ours.values())


def test_only_what_the_world_reaches_has_a_port_and_only_on_this_machine(tmp_path: Path) -> None:
    services = composed(tmp_path)["services"]
    ports = {name: each["ports"] for name, each in services.items() if "ports" in each}

    assert set(ports) == {"web", "page", "engine-ui"}
    assert all(port.startswith("127.0.0.1:") for each in ports.values() for port in each)


def test_what_is_only_read_cannot_be_written(tmp_path: Path) -> None:
    services = composed(tmp_path)["services"]

    assert services["web"]["volumes"] == ["models:/data/models:ro"]
    assert services["digger"]["volumes"] == ["models:/data/models"]


def test_jobs_and_schedules_start_by_hand_since_there_is_no_clock(tmp_path: Path) -> None:
    services = composed(tmp_path)["services"]

    assert [name for name, each in services.items() if each.get("profiles")] == ["fill", "sweep"]


def test_what_runs_in_a_sandbox_reaches_nobody_but_who_uses_it(tmp_path: Path) -> None:
    document = composed(tmp_path)
    walled = [name for name, each in document["services"].items() if "walled" in each.get("networks", ())]

    assert document["networks"]["walled"] == {"internal": True}
    assert walled == ["box", "web"]
    assert document["services"]["box"]["networks"] == ["walled"]


def test_the_emulator_knows_each_queue_and_a_subscription_of_each_reader(tmp_path: Path) -> None:
    config = json.loads(composed(tmp_path)["configs"]["queues"]["content"])
    (namespace,) = config["UserConfig"]["Namespaces"]

    (jobs,), (events,) = namespace["Queues"], namespace["Topics"]
    assert jobs["Properties"] == {
        "LockDuration": "PT300S",
        "MaxDeliveryCount": 4,
        "DefaultMessageTimeToLive": "PT3600S",
        "DeadLetteringOnMessageExpiration": True,
    }
    assert [each["Name"] for each in events["Subscriptions"]] == ["digger"]


def test_data_is_kept_where_the_release_of_postgresql_keeps_it(tmp_path: Path) -> None:
    services = composed(tmp_path)["services"]

    assert services["papers"]["volumes"] == ["papers:/var/lib/postgresql/data"]
    assert services["history"]["volumes"] == ["history:/var/lib/postgresql"]


def test_every_volume_and_config_that_is_named_is_there(tmp_path: Path) -> None:
    document = composed(tmp_path)

    for service in document["services"].values():
        named = {each.split(":")[0] for each in service.get("volumes", ()) if not each.startswith("$")}
        assert named <= set(document["volumes"])
        assert {each["source"] for each in service.get("configs", ())} <= set(document["configs"])


def test_no_image_is_whatever_is_the_latest(tmp_path: Path) -> None:
    for name, service in composed(tmp_path)["services"].items():
        tag = service["image"].rsplit(":", 1)[1]
        assert tag == "local" or re.search(r"\d", tag), name
