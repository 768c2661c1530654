from typing import Any

import pytest

from seatrial import System, cpu, memory, requests
from seatrial.azure import container_apps, identity, network, registry
from seatrial.azure.compile import graph
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Graph, Resource
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Expression, Id, Known, Out, Parameter, WhenEmpty, expressions, plain
from seatrial.model import Plan

APPS = "Microsoft.App/containerApps"
ENVIRONMENTS = "Microsoft.App/managedEnvironments"


def kiosk(*also_in: str, region: str = "eastus2") -> System:
    return System("kiosk", region=region, also_in=also_in)


def service(system: System, name: str = "web", port: int = 8000, **wanted: Any) -> Any:
    return system.service(name, f"python -m kiosk.{name} --port {{port}}", port=port, **wanted)


def app(of: Graph | Plan, name: str = "web", region: str = "eastus2") -> Resource:
    made = of if isinstance(of, Graph) else graph(of)
    return made.by_ref[container_apps.app(name, Stamp(plan=made.plan, region=region))]


def properties(resource: Resource) -> Any:
    return resource.body["properties"]


def container(resource: Resource) -> Any:
    (only,) = properties(resource)["template"]["containers"]
    return only


def ingress(resource: Resource) -> Any:
    return properties(resource)["configuration"]["ingress"]


def environment(made: Graph) -> Any:
    (only,) = made.of(ENVIRONMENTS)
    return properties(only)


def troubles(system: System) -> tuple[Trouble, ...]:
    with pytest.raises(Refused) as refused:
        graph(system.plan())
    return refused.value.troubles


# -- who it is and what it runs -------------------------------------------------------------------------


def test_an_app_runs_its_command_in_its_own_image_as_somebody_of_its_own() -> None:
    system = kiosk()
    service(system)
    made = graph(system.plan())
    me = Id(of=identity.ref("web", Stamp(plan=made.plan, region="eastus2")))

    web = app(made)

    assert web.body["identity"] == {"type": "UserAssigned", "userAssignedIdentities": {me: {}}}
    assert properties(web)["configuration"]["registries"] == [
        {"server": Out(of=registry.ref(made.plan), path="properties.loginServer"), "identity": me}
    ]
    assert container(web)["command"] == ["python", "-m", "kiosk.web", "--port", "8000"]
    assert plain(container(web)["image"], "?") == "?/kiosk/web:?"


def test_it_is_made_when_it_may_pull_its_image_and_has_its_rights() -> None:
    system = kiosk()
    service(system, uses=[system.secret("signing-key")])
    made = graph(system.plan())

    before = {made.by_ref[ref].why for ref in app(made).after}

    assert before == {"web pulls images", "web reads signing-key, and no other secret"}


def test_a_secret_stands_in_an_app_by_its_place_in_the_vault_only() -> None:
    system = kiosk()
    service(system, uses=[system.secret("signing-key")])
    made = graph(system.plan())
    at = Stamp(plan=made.plan, region="eastus2")

    web = app(made)

    (kept,) = properties(web)["configuration"]["secrets"]
    assert kept["name"] == "signing-key"
    assert kept["keyVaultUrl"].path == "properties.secretUri"
    assert kept["identity"] == Id(of=identity.ref("web", at))
    assert {"name": "SIGNING_KEY", "secretRef": "signing-key"} in container(web)["env"]
    assert not [each for each in expressions(web.body) if isinstance(each, Parameter) and each.secret]


# -- who reaches it -------------------------------------------------------------------------------------


def test_a_service_that_nobody_outside_needs_answers_inside_only() -> None:
    system = kiosk()
    service(system)
    made = graph(system.plan())

    assert ingress(app(made)) == {
        "external": False,
        "targetPort": 8000,
        "transport": "auto",
        "allowInsecure": False,
        "clientCertificateMode": "ignore",
        "traffic": [{"latestRevision": True, "weight": 100}],
    }
    assert environment(made)["vnetConfiguration"]["internal"] is True
    assert environment(made)["publicNetworkAccess"] == "Disabled"


def test_a_public_service_gives_the_environment_a_public_address() -> None:
    system = kiosk()
    service(system, public=True)
    made = graph(system.plan())

    assert ingress(app(made))["external"] is True
    assert environment(made)["vnetConfiguration"]["internal"] is False
    assert environment(made)["publicNetworkAccess"] == "Enabled"


def test_a_service_behind_an_edge_that_reaches_privately_has_no_public_address() -> None:
    system = kiosk()
    system.application_gateway("gateway", routes={"/*": service(system)}, waf="prevention")
    made = graph(system.plan())

    assert ingress(app(made))["external"] is True  # for the network
    assert environment(made)["vnetConfiguration"]["internal"] is True


def test_a_service_used_by_another_host_answers_in_the_network() -> None:
    system = kiosk()
    web = service(system)
    machines = system.app_service_plan("machines")
    service(system, "front", 8001, uses=[web], host=machines)

    assert ingress(app(system.plan()))["external"] is True


def test_a_service_meant_for_an_edge_is_not_opened_to_the_world_by_another() -> None:
    system = kiosk()
    system.front_door("entrance", routes={"/*": service(system)}, tier="premium")
    service(system, "open", 8001, public=True)

    (trouble,) = troubles(system)

    assert trouble.part == "web"
    assert trouble.what == "would answer the whole world, as open in the same environment does"


def test_a_worker_answers_nobody() -> None:
    system = kiosk()
    system.worker("mover", "python -m kiosk.mover")

    mover = app(system.plan(), "mover")

    assert "ingress" not in properties(mover)["configuration"]
    assert "probes" not in container(mover)


def test_the_environment_stands_in_the_network_over_all_zones_and_needs_no_key() -> None:
    system = kiosk()
    service(system)
    made = graph(system.plan())

    here = environment(made)

    assert here["vnetConfiguration"]["infrastructureSubnetId"] == Id(
        of=network.subnet("apps", Stamp(plan=made.plan, region="eastus2"))
    )
    assert here["zoneRedundant"] is True
    assert here["appLogsConfiguration"] == {"destination": "azure-monitor"}
    assert here["peerTrafficConfiguration"] == {"encryption": {"enabled": True}}


def test_a_region_without_zones_is_not_asked_for_them() -> None:
    system = kiosk(region="westus")
    service(system)

    assert environment(graph(system.plan()))["zoneRedundant"] is False


def test_a_system_that_runs_nothing_there_has_no_environment() -> None:
    system = kiosk()
    service(system, host=system.app_service_plan("machines"))

    assert graph(system.plan()).of(ENVIRONMENTS) == ()


# -- releases -------------------------------------------------------------------------------------------


def test_the_newest_release_of_a_public_service_waits_until_the_operator_lets_it_serve() -> None:
    system = kiosk()
    service(system, public=True)

    web = app(system.plan())

    assert properties(web)["configuration"]["activeRevisionsMode"] == "Multiple"
    live = Parameter(
        name="webLive", why="The revision of web that serves; left empty: the newest", default=""
    )
    assert ingress(web)["traffic"] == WhenEmpty(
        parameter=live,
        then=[{"latestRevision": True, "weight": 100}],
        otherwise=[
            {"revisionName": live, "weight": 100},
            {"latestRevision": True, "weight": 0, "label": "next"},
        ],
    )


def test_what_answers_inside_or_nobody_is_replaced_at_once() -> None:
    system = kiosk()
    service(system)
    system.worker("mover", "python -m kiosk.mover")
    made = graph(system.plan())

    for name in ("web", "mover"):
        assert properties(app(made, name))["configuration"]["activeRevisionsMode"] == "Single"


# -- probes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start_within", "period", "failures"),
    [("1 s", 1, 1), ("1 min", 6, 10), ("90 s", 9, 10), ("2 min", 12, 10), ("40 min", 240, 10)],
)
def test_a_service_may_take_its_time_to_start(start_within: str, period: int, failures: int) -> None:
    system = kiosk()
    service(system, start_within=start_within, health="/ready")

    start, ready, alive = container(app(system.plan()))["probes"]

    assert (start["type"], ready["type"], alive["type"]) == ("Startup", "Readiness", "Liveness")
    assert (start["periodSeconds"], start["failureThreshold"]) == (period, failures)
    for probe in (start, ready, alive):
        assert probe["httpGet"] == {"path": "/ready", "port": 8000, "scheme": "HTTP"}


def test_a_service_that_takes_longer_than_azure_waits_is_refused() -> None:
    system = kiosk()
    service(system, start_within="41 min")

    (trouble,) = troubles(system)

    assert trouble.what == 'start_within="41 min": Container Apps wait 40 min at most'


# -- sizes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cores", "room", "found"),
    [
        (0.1, "100 MiB", (0.25, "0.5Gi")),
        (0.5, "1 GiB", (0.5, "1Gi")),
        (0.5, "3 GiB", (1.5, "3Gi")),  # memory asks for more cores
        (2, "1 GiB", (2, "4Gi")),  # cores ask for more memory
        (0.6, "1 GiB", (0.75, "1.5Gi")),
        (4, "8 GB", (4, "8Gi")),
    ],
)
def test_a_container_has_the_smallest_size_with_room_for_both(
    cores: float, room: str, found: tuple[float, str]
) -> None:
    system = kiosk()
    service(system, cpu=cores, memory=room)

    web = app(system.plan())

    assert container(web)["resources"] == {"cpu": found[0], "memory": found[1]}
    assert properties(web)["workloadProfileName"] == "Consumption"


@pytest.mark.parametrize(
    ("replicas", "said"),
    [
        ((1, 3), "Runs web, 1 to 3 replicas, each with 0.5 vCPU and 1 GiB"),
        ((2, 2), "Runs web, 2 replicas, each with 0.5 vCPU and 1 GiB"),
        ((1, 1), "Runs web, one replica with 0.5 vCPU and 1 GiB"),
    ],
)
def test_why_says_how_many_and_how_large(replicas: tuple[int, int], said: str) -> None:
    system = kiosk()
    service(system, replicas=replicas)

    assert app(system.plan()).why == said


def test_why_says_what_was_asked_for_when_more_is_given() -> None:
    system = kiosk()
    service(system, cpu=0.5, memory="3 GiB", replicas=(1, 2))

    why = app(system.plan()).why

    assert why.endswith("each with 1.5 vCPU and 3 GiB, the smallest size with room for 0.5 and 3 GiB")


@pytest.mark.parametrize("wanted", [{"cpu": 5}, {"memory": "9 GiB"}])
def test_what_is_larger_than_a_container_can_be_is_refused(wanted: dict[str, Any]) -> None:
    system = kiosk()
    service(system, **wanted)

    (trouble,) = troubles(system)

    assert trouble.what.endswith("Container Apps have 4 cores and 8 GiB at most")
    assert trouble.hint == "write less, or let it run on an app_service_plan or a node_pool"


@pytest.mark.parametrize(
    ("wanted", "profile", "size"),
    [
        ({"cpu": 4, "memory": "16 GiB"}, "gpu-t4", {"cpu": 8, "memory": "56Gi"}),
        ({"cpu": 16, "memory": "16 GiB"}, "gpu-a100", {"cpu": 24, "memory": "220Gi"}),
    ],
)
def test_a_gpu_comes_with_the_smallest_machine_that_has_room(
    wanted: dict[str, Any], profile: str, size: dict[str, Any]
) -> None:
    system = kiosk()
    system.worker("mover", "python -m kiosk.mover", gpus=1, **wanted)
    made = graph(system.plan())

    assert properties(app(made, "mover"))["workloadProfileName"] == profile
    assert container(app(made, "mover"))["resources"] == size
    assert [each["name"] for each in environment(made)["workloadProfiles"]] == ["Consumption", profile]


@pytest.mark.parametrize("wanted", [{"gpus": 2}, {"gpus": 1, "cpu": 30}])
def test_a_machine_that_azure_has_not_is_refused(wanted: dict[str, Any]) -> None:
    system = kiosk()
    system.worker("mover", "python -m kiosk.mover", **wanted)

    (trouble,) = troubles(system)

    assert "node_pool" in trouble.hint


# -- sign-in --------------------------------------------------------------------------------------------


def sign_in(made: Graph) -> Any:
    (only,) = made.of(f"{APPS}/authConfigs")
    return properties(only)


def test_a_person_signs_in_before_a_request_comes_through() -> None:
    system = kiosk()
    service(system, sign_in=True, public=True, health="/ready")

    asked = sign_in(graph(system.plan()))

    assert asked["platform"] == {"enabled": True}
    assert asked["globalValidation"] == {
        "unauthenticatedClientAction": "RedirectToLoginPage",
        "redirectToProvider": "azureactivedirectory",
        "excludedPaths": ["/ready"],
    }
    assert asked["httpSettings"] == {"requireHttps": True}


def test_signing_in_needs_an_application_and_no_secret() -> None:
    system = kiosk()
    service(system, sign_in=True, public=True)

    made = graph(system.plan())

    (provider,) = sign_in(made)["identityProviders"].values()
    registration = provider["registration"]
    assert set(registration) == {"clientId", "openIdIssuer"}
    assert registration["clientId"].name == "webSignInClientId"
    assert registration["clientId"].default is None  # the operator must say it
    assert Known(what="tenant") in list(expressions(registration["openIdIssuer"].then))
    assert not [each for each in made.parameters if each.secret]


@pytest.mark.parametrize(
    ("edge", "convention"), [("front_door", "Standard"), ("application_gateway", "Custom")]
)
def test_people_are_led_back_to_the_name_they_came_by(edge: str, convention: str) -> None:
    system = kiosk()
    getattr(system, edge)("entrance", routes={"/*": service(system, sign_in=True)})

    assert sign_in(graph(system.plan()))["httpSettings"]["forwardProxy"]["convention"] == convention


def test_a_program_that_comes_by_a_gateway_of_apis_is_told_that_it_must_sign_in() -> None:
    system = kiosk()
    apis = {"web": service(system, sign_in=True)}
    system.api_management("gateway", apis=apis, publisher="Kiosk", tier="standard v2")

    asked = sign_in(graph(system.plan()))

    assert asked["globalValidation"]["unauthenticatedClientAction"] == "Return401"


def test_a_service_without_sign_in_asks_nobody() -> None:
    system = kiosk()
    service(system, public=True)

    assert graph(system.plan()).of(f"{APPS}/authConfigs") == ()


# -- scale of what answers ------------------------------------------------------------------------------


def test_replicas_follow_requests_cores_and_memory() -> None:
    system = kiosk()
    service(system, replicas=(1, 9), scale=[requests(50), cpu(70), memory(80)])

    assert properties(app(system.plan()))["template"]["scale"] == {
        "minReplicas": 1,
        "maxReplicas": 9,
        "pollingInterval": 30,
        "cooldownPeriod": 300,
        "rules": [
            {"name": "requests", "http": {"metadata": {"concurrentRequests": "50"}}},
            {
                "name": "cpu",
                "custom": {"type": "cpu", "metadata": {"type": "Utilization", "value": "70"}},
            },
            {
                "name": "memory",
                "custom": {"type": "memory", "metadata": {"type": "Utilization", "value": "80"}},
            },
        ],
    }


def test_a_service_without_rules_is_left_to_azures_own() -> None:
    system = kiosk()
    service(system, replicas=(0, 4))

    assert properties(app(system.plan()))["template"]["scale"] == {"minReplicas": 0, "maxReplicas": 4}


# -- regions --------------------------------------------------------------------------------------------


def test_every_region_has_an_environment_and_every_process() -> None:
    system = kiosk("westeurope")
    service(system, public=True)
    made = graph(system.plan())

    assert [each.location for each in made.of(ENVIRONMENTS)] == ["eastus2", "westeurope"]
    for region in made.plan.regions:
        web = app(made, region=region)
        at = Stamp(plan=made.plan, region=region)
        assert web.location == region
        assert properties(web)["environmentId"] == Id(of=container_apps.environment(at))


def test_each_region_is_released_by_itself() -> None:
    system = kiosk("westeurope")
    service(system, public=True)

    asked = {each.name for each in graph(system.plan()).parameters}

    assert {"webEastus2Live", "webWesteuropeLive"} <= asked


def test_a_process_needs_nothing_of_a_later_module() -> None:
    system = kiosk()
    service(system, uses=[system.postgres("papers", migrate="python -m kiosk.migrate")], public=True)
    made = graph(system.plan())

    for resource in made.of(APPS):
        assert all(made.by_ref[need].module not in ("edge", "alerts") for need in resource.needs)
        assert not isinstance(resource.ref.name, Expression)
