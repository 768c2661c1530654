"""What is written for a cluster, judged by the schemas of Kubernetes itself and read as a person would."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial import Plan, System, backlog, cpu, queue_length, requests
from seatrial.azure import aks, temporal
from seatrial.azure.addresses import layout
from seatrial.azure.compile import graph
from seatrial.cli.system_file import read_system
from seatrial.deliver import kubernetes

ROOT = Path(__file__).resolve().parents[3]

Document = dict[str, Any]


def bazaar() -> System:
    """Everything that can be on a cluster, once."""
    system = System("bazaar", region="eastus2")
    machines = system.node_pool("machines")
    spot = system.node_pool("spot", machine="Standard_NC4as_T4_v3", gpus=1, spot=True, nodes=(0, 4))
    apart = system.node_pool("apart", isolated=True)
    papers = system.postgres("papers")
    ledger = system.postgres("ledger", sign_in="password")
    letters = system.queue("letters")
    key = system.secret("api-key")
    engine = system.temporal("engine", history=system.postgres("history", sign_in="password"), host=machines)
    stock = system.service(
        "stock", "python -m stock", port=8001, host=machines, uses=[papers, key], replicas=(2, 2)
    )
    system.service(
        "web",
        "python -m web",
        port=8000,
        host=machines,
        uses=[stock],
        public=True,
        replicas=(2, 6),
        scale=[requests(50)],
    )
    system.worker(
        "faces",
        "python -m faces",
        host=spot,
        gpus=1,
        receives=[letters],
        replicas=(0, 4),
        scale=[queue_length(letters), cpu(80)],
    )
    system.worker(
        "count",
        "python -m count",
        host=machines,
        uses=[ledger, engine],
        replicas=(0, 3),
        scale=[backlog(ledger, "select count(*) from open")],
    )
    system.worker(
        "sums",
        "python -m sums",
        host=machines,
        uses=[papers],
        replicas=(1, 3),
        scale=[backlog(papers, "select count(*) from sums")],
    )
    system.service("guest", "python -m guest", port=8002, host=apart, replicas=(1, 1))
    system.schedule("nightly", "python -m nightly", cron="0 3 * * *", host=machines, uses=[papers], retries=2)
    system.job("refill", "python -m refill", host=machines, uses=[papers], time_limit="2 h")
    return system


def documents(plan: Plan) -> list[Document]:
    return [each for file in kubernetes.manifests(plan).values() for each in file]


def one(plan: Plan, kind: str, name: str, namespace: str | None = None) -> Document:
    (only,) = (
        each
        for each in documents(plan)
        if (each["kind"], each["metadata"]["name"]) == (kind, name)
        and namespace in (None, each["metadata"]["namespace"])
    )
    return only


def pod(plan: Plan, kind: str, name: str) -> Any:
    spec = one(plan, kind, name)["spec"]
    return (spec["jobTemplate"]["spec"] if kind == "CronJob" else spec)["template"]["spec"]


# -- judged by others -----------------------------------------------------------------------------------


@cache
def custom_kinds() -> dict[str, Any]:
    kinds: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("custom_kinds.yaml").read_text())
    return kinds


def judged(document: Document) -> None:
    """Raises when a document is not as its kind is to be, or when nobody knows its kind."""
    shape = custom_kinds().get(f"{document['apiVersion']}/{document['kind']}")
    if shape is None:
        kubernetes_validate.validate(document, aks.KUBERNETES, strict=True)
        return
    whole = {"type": "object", "additionalProperties": False, "required": list(shape)}
    top = {"apiVersion": True, "kind": True}
    jsonschema.validate(document, whole | {"properties": top | shape})


def plans() -> Iterator[Any]:
    yield pytest.param(bazaar().plan(), id="bazaar")
    papr = read_system(ROOT / "systems/papr/system.py")
    yield pytest.param(papr.plan("cluster"), id="papr cluster")
    cultivate = read_system(ROOT / "systems/cultivate/system.py")
    for variant in (None, *cultivate.variants):
        yield pytest.param(cultivate.plan(variant), id=f"cultivate {variant}")


@pytest.mark.parametrize("plan", list(plans()))
def test_every_document_is_what_its_kind_is_to_be(plan: Plan) -> None:
    for document in documents(plan):
        judged(document)
    assert documents(plan)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("Deployment", "web"), ("Gateway", "web"), ("ScaledObject", "faces"), ("CronJob", "refill")],
)
def test_the_judges_notice_a_misspelt_word(kind: str, name: str) -> None:
    wrong = one(bazaar().plan(), kind, name)
    wrong["spec"]["replicaz"] = 3

    with pytest.raises((kubernetes_validate.ValidationError, jsonschema.ValidationError)):
        judged(wrong)


def test_a_kind_that_nobody_knows_is_no_silent_pass() -> None:
    with pytest.raises(kubernetes_validate.SchemaNotFoundError):
        judged({"apiVersion": "example.com/v1", "kind": "Wish", "metadata": {"name": "x"}})


def test_files_are_the_same_every_time_and_hold_what_the_documents_say() -> None:
    plan = bazaar().plan()

    once, again = kubernetes.files(graph(plan)), kubernetes.files(graph(bazaar().plan()))

    assert once == again
    for path, said in kubernetes.manifests(plan).items():
        assert list(yaml.safe_load_all(once[f"kubernetes/{path}"])) == said
    listed = yaml.safe_load(once["kubernetes/bazaar/kustomization.yaml"])["resources"]
    assert {f"bazaar/{name}" for name in listed} == set(kubernetes.manifests(plan))


def test_a_plan_without_kubernetes_has_no_manifests() -> None:
    system = System("kiosk", region="eastus2")
    system.service("web", "python -m web", port=8000)

    assert kubernetes.manifests(system.plan()) == {}
    assert kubernetes.files(graph(system.plan())) == {}


def test_each_region_has_a_folder_of_its_own_in_which_only_its_values_stand() -> None:
    system = System("kiosk", region="eastus2", also_in=["westeurope"])
    system.worker("mail", "python -m mail", host="aks", uses=[system.postgres("papers")])

    written = kubernetes.files(graph(system.plan()))

    folders = {path.split("/")[1] for path in written}
    assert folders == {"kiosk-eastus2", "kiosk-westeurope"}
    assert "mail-identity-westeurope" in written["kubernetes/kiosk-westeurope/mail.yaml"]
    assert "eastus2" not in written["kubernetes/kiosk-westeurope/mail.yaml"].lower()


# -- who may do what ------------------------------------------------------------------------------------


def test_every_pod_is_locked_and_has_no_token_of_the_cluster() -> None:
    plan = bazaar().plan()

    seen = 0
    for document in documents(plan):
        if document["kind"] not in ("Deployment", "StatefulSet", "CronJob"):
            continue
        spec = pod(plan, document["kind"], document["metadata"]["name"])
        seen += 1
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in (*spec["containers"], *spec.get("initContainers", ())):
            assert container["securityContext"]["allowPrivilegeEscalation"] is False
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"]["limits"]["memory"]
            if document["kind"] != "StatefulSet":
                assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert seen == 9
    (home,) = (
        each
        for each in documents(plan)
        if each["kind"] == "Namespace" and each["metadata"]["name"] == "bazaar"
    )
    assert home["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_a_process_is_its_identity_and_no_secret_is_written() -> None:
    plan = bazaar().plan()

    account = one(plan, "ServiceAccount", "stock")
    assert (
        account["metadata"]["annotations"]["azure.workload.identity/client-id"]
        == "${STOCK_IDENTITY_CLIENT_ID}"
    )
    held = one(plan, "SecretProviderClass", "stock")["spec"]
    assert held["secretObjects"][0]["data"] == [{"key": "API_KEY", "objectName": "api-key"}]
    assert yaml.safe_load(held["parameters"]["objects"])["array"] == [
        "objectName: api-key\nobjectType: secret\n"
    ]
    (container,) = pod(plan, "Deployment", "stock")["containers"]
    assert {
        "name": "API_KEY",
        "valueFrom": {"secretKeyRef": {"name": "stock-secrets", "key": "API_KEY"}},
    } in container["env"]
    assert not [each for each in documents(plan) if each["kind"] == "Secret"]


def reached(plan: Plan, name: str) -> tuple[set[tuple[str, int]], set[tuple[str, int]]]:
    """The pods, and the addresses, that a process may open connections to, each with its port."""
    pods, addresses = set(), set()
    for rule in one(plan, "NetworkPolicy", name)["spec"]["egress"]:
        for to in rule["to"]:
            for port in rule["ports"]:
                if "ipBlock" in to:
                    addresses.add((to["ipBlock"]["cidr"], port["port"]))
                elif "namespaceSelector" not in to:
                    pods.add((to["podSelector"]["matchLabels"]["app.kubernetes.io/name"], port["port"]))
    return pods, addresses


def letting_in(plan: Plan, name: str) -> set[str]:
    return {
        source["podSelector"]["matchLabels"]["app.kubernetes.io/name"]
        for rule in one(plan, "NetworkPolicy", name)["spec"]["ingress"]
        for source in rule["from"]
        if "namespaceSelector" not in source
    }


def test_nobody_reaches_anybody_but_those_whom_it_uses() -> None:
    plan = bazaar().plan()
    endpoints = str(layout(plan, "eastus2")["endpoints"])

    closed = one(plan, "NetworkPolicy", "nobody-reaches-anybody")
    assert closed["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    world = ("0.0.0.0/0", 443)
    assert reached(plan, "web") == ({("stock", 8001)}, {world})
    assert reached(plan, "stock") == (set(), {(endpoints, 5432), (endpoints, 443), world})
    assert reached(plan, "count") == ({("engine", 7233)}, {(endpoints, 5432), world})
    assert letting_in(plan, "stock") == {"web"}
    assert letting_in(plan, "engine") == {"count"}
    assert letting_in(plan, "faces") == set()


PAIRS = [(user, used) for used in range(4) for user in range(used)]


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from(PAIRS)))
def test_walls_open_for_every_use_on_both_sides_and_for_no_other(uses: set[tuple[int, int]]) -> None:
    system = System("maze", region="eastus2")
    rooms: dict[int, Any] = {}
    for room in reversed(range(4)):  # who is used is written before who uses it
        used = [rooms[each] for user, each in sorted(uses) if user == room]
        rooms[room] = system.service(
            f"room-{room}", "python -m room", port=8000 + room, host="aks", uses=used, replicas=(1, 1)
        )
    plan = system.plan()

    for room in range(4):
        out = {(f"room-{used}", 8000 + used) for user, used in uses if user == room}
        assert reached(plan, f"room-{room}")[0] == out
        assert letting_in(plan, f"room-{room}") == {f"room-{user}" for user, used in uses if used == room}


def test_code_that_nobody_trusts_has_a_kernel_of_its_own_and_reaches_nobody() -> None:
    plan = bazaar().plan()

    spec = pod(plan, "Deployment", "guest")

    assert spec["runtimeClassName"] == "kata-vm-isolation"
    assert spec["nodeSelector"] == {"kubernetes.azure.com/agentpool": "apart"}
    assert spec["tolerations"] == [
        {"key": "isolated", "operator": "Equal", "value": "true", "effect": "NoSchedule"}
    ]
    assert reached(plan, "guest") == (set(), set())


def test_the_world_comes_in_by_https_to_public_services_only() -> None:
    plan = bazaar().plan()

    gateways = [each for each in documents(plan) if each["kind"] == "Gateway"]
    (gateway,) = gateways
    assert gateway["metadata"]["namespace"] == "bazaar-entrance"
    https, http = gateway["spec"]["listeners"]
    assert (https["protocol"], https["tls"]["mode"], http["protocol"]) == ("HTTPS", "Terminate", "HTTP")
    (rule,) = one(plan, "HTTPRoute", "web")["spec"]["rules"]
    assert rule == {"backendRefs": [{"name": "web", "port": 8000}]}
    (away,) = one(plan, "HTTPRoute", "web-to-https")["spec"]["rules"]
    assert away["filters"][0]["requestRedirect"] == {"scheme": "https", "statusCode": 301}


# -- what runs, and how many ----------------------------------------------------------------------------


def test_a_service_is_replaced_new_before_old_and_says_when_it_is_well() -> None:
    plan = bazaar().plan()

    web = one(plan, "Deployment", "web")["spec"]
    (container,) = pod(plan, "Deployment", "web")["containers"]
    assert web["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
    assert "replicas" not in web  # counted by the autoscaler
    assert container["image"] == "bazaar/web"
    assert container["startupProbe"]["failureThreshold"] * container["startupProbe"]["periodSeconds"] == 60
    assert container["readinessProbe"]["httpGet"] == {"path": "/health", "port": "http"}
    assert one(plan, "PodDisruptionBudget", "web")["spec"]["maxUnavailable"] == 1


def test_requests_become_cores_which_the_cluster_counts() -> None:
    spec = one(bazaar().plan(), "HorizontalPodAutoscaler", "web")["spec"]

    assert (spec["minReplicas"], spec["maxReplicas"]) == (2, 6)
    (metric,) = spec["metrics"]
    assert metric["resource"] == {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}


def test_a_fixed_number_of_replicas_follows_nothing() -> None:
    plan = bazaar().plan()

    assert one(plan, "Deployment", "stock")["spec"]["replicas"] == 2
    kinds = {each["kind"] for each in documents(plan) if each["metadata"]["name"] == "stock"}
    assert not kinds & {"HorizontalPodAutoscaler", "ScaledObject"}


def test_messages_that_wait_wake_a_worker_that_keda_asks_about_as_itself() -> None:
    plan = bazaar().plan()

    spec = one(plan, "ScaledObject", "faces")["spec"]

    assert (spec["minReplicaCount"], spec["maxReplicaCount"]) == (0, 4)
    waiting, cores = spec["triggers"]
    assert waiting["type"] == "azure-servicebus"
    assert waiting["metadata"]["queueName"] == "letters"
    assert waiting["authenticationRef"] == {"name": "faces-itself"}
    assert cores == {"type": "cpu", "metricType": "Utilization", "metadata": {"value": "80"}}
    assert (
        one(plan, "TriggerAuthentication", "faces-itself")["spec"]["podIdentity"]["provider"]
        == "azure-workload"
    )


def test_rows_that_wait_are_counted_as_who_signs_in() -> None:
    plan = bazaar().plan()

    (by_password,) = one(plan, "ScaledObject", "count")["spec"]["triggers"]
    (as_itself,) = one(plan, "ScaledObject", "sums")["spec"]["triggers"]

    assert (by_password["metadata"]["userName"], as_itself["metadata"]["userName"]) == (
        "seatrial",
        "sums-identity",
    )
    vault = one(plan, "TriggerAuthentication", "count-password")["spec"]["azureKeyVault"]
    assert vault["secrets"] == [{"parameter": "password", "name": "ledger-password"}]


def test_who_wants_a_gpu_bears_what_such_machines_ask() -> None:
    plan = bazaar().plan()

    spec = pod(plan, "Deployment", "faces")

    assert {each["key"] for each in spec["tolerations"]} == {"kubernetes.azure.com/scalesetpriority", "sku"}
    assert spec["containers"][0]["resources"]["limits"]["nvidia.com/gpu"] == 1
    told = one(plan, "DaemonSet", "gpus")["spec"]["template"]["spec"]
    assert {each["key"] for each in told["tolerations"]} >= {each["key"] for each in spec["tolerations"]}


def test_a_schedule_ticks_and_the_clock_of_a_job_stands_still() -> None:
    plan = bazaar().plan()

    nightly, refill = one(plan, "CronJob", "nightly")["spec"], one(plan, "CronJob", "refill")["spec"]

    assert (nightly["schedule"], nightly["suspend"]) == ("0 3 * * *", False)
    assert nightly["jobTemplate"]["spec"]["backoffLimit"] == 2
    assert refill["suspend"] is True
    assert refill["jobTemplate"]["spec"]["activeDeadlineSeconds"] == 7200


def test_temporal_brings_its_schema_up_to_date_first_and_is_found_by_name() -> None:
    plan = bazaar().plan()

    engine = one(plan, "StatefulSet", "engine")["spec"]

    assert engine["serviceName"] == "engine-replicas"
    assert one(plan, "Service", "engine-replicas")["spec"]["clusterIP"] == "None"
    assert [each["name"] for each in one(plan, "Service", "engine")["spec"]["ports"]] == ["grpc", "ui"]
    spec = pod(plan, "StatefulSet", "engine")
    assert [each["name"] for each in spec["initContainers"]] == ["schema"]
    images = {each["image"] for each in (*spec["containers"], *spec["initContainers"])}
    assert images == {f"${{REGISTRY_LOGIN_SERVER}}/{name}" for name in temporal.images(plan)}


# -- what only Azure knows ------------------------------------------------------------------------------

AZ = """\
#!/bin/sh
# Azure, as far as it is asked: a list has one name that ends in abc123; what is shown is 'TYPE NAME QUERY'.
case "$1 $2" in
  "resource list") echo "somethingabc123" ;;
  "resource show") echo "$6 $8 ${10}" ;;
  "account show") echo "tenant" ;;
esac
"""


def filled(tmp_path: Path, environment: Mapping[str, str]) -> tuple[subprocess.CompletedProcess[str], Path]:
    written = kubernetes.files(graph(bazaar().plan()))
    folder, tools = tmp_path / "copy", tmp_path / "bin"
    for each in (folder, tools):
        each.mkdir()
    for path, text in written.items():
        (folder / Path(path).name).write_text(text)
    (tools / "az").write_text(AZ)
    (tools / "az").chmod(0o755)
    command = ["bash", str(folder / "values.sh"), "bazaar-production", str(folder)]
    path = {"PATH": f"{tools}:/usr/bin:/bin"}
    done = subprocess.run(
        command, env={**path, **environment}, capture_output=True, text=True, check=False, timeout=60
    )
    return done, folder


def test_the_script_fills_in_all_that_azure_and_the_operator_know(tmp_path: Path) -> None:
    given = {
        "WEB_HOST": "bazaar.example.com",
        "WEB_CERTIFICATE": "https://v.vault.azure.net/certificates/web",
    }

    done, folder = filled(tmp_path, given)

    assert done.returncode == 0, done.stderr
    for file in folder.glob("*.yaml"):
        assert "${" not in file.read_text().split("\n", 1)[1], file.name
        for document in yaml.safe_load_all(file.read_text()):
            if document["kind"] != "Kustomization":
                judged(document)
    stock = (folder / "stock.yaml").read_text()
    assert "Microsoft.ManagedIdentity/userAssignedIdentities stock-identity properties.clientId" in stock
    assert "keyvaultName: bazaar-abc123" in stock
    assert "hostname: bazaar.example.com" in (folder / "web.yaml").read_text()


def test_the_script_says_what_the_operator_has_not_said(tmp_path: Path) -> None:
    done, folder = filled(tmp_path, {"WEB_CERTIFICATE": "https://v.vault.azure.net/certificates/web"})

    assert done.returncode != 0
    assert "WEB_HOST: the name by which the world finds web" in done.stderr
    assert "${WEB_HOST}" in (folder / "web.yaml").read_text()


def test_shellcheck_finds_nothing_in_the_script(tmp_path: Path) -> None:
    script = tmp_path / "values.sh"
    script.write_text(kubernetes.files(graph(bazaar().plan()))["kubernetes/bazaar/values.sh"])
    checker = Path(sys.executable).with_name("shellcheck")

    done = subprocess.run([checker, script], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
