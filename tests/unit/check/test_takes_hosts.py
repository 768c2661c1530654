"""What Azure would not take of what runs: further cases than the rules' own examples."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import Check

APP = "Microsoft.App/containerApps"
ENVIRONMENT = "Microsoft.App/managedEnvironments"
GROUP = "Microsoft.ContainerInstance/containerGroups"
CLUSTER = "Microsoft.ContainerService/managedClusters"
FARM = "Microsoft.Web/serverfarms"


def said(checked: Check, rule: str, *resources: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What a rule says of resources, how bad it is, and the way out."""
    findings = checked(json.dumps(list(resources))).findings
    return [(each.what, each.severity, each.fix) for each in findings if each.rule == rule]


def app(template: dict[str, Any], configuration: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    properties = {"template": template, "configuration": configuration or {}, **more}
    return {"type": APP, "name": "web", "properties": properties}


def containers(*sizes: tuple[object, str]) -> dict[str, Any]:
    return {
        "containers": [
            {"name": f"c{number}", "resources": {"cpu": cpu, "memory": memory}}
            for number, (cpu, memory) in enumerate(sizes)
        ]
    }


@pytest.mark.parametrize(
    "sizes",
    [
        [(0.25, "0.5Gi")],
        [(4, "8Gi")],
        [("0.5", "1.0Gi")],
        [(0.5, "1Gi"), (0.25, "0.5Gi")],
        [(0.4, "0.3Gi"), (0.1, "0.7Gi")],  # together half a core and 1 GiB
    ],
)
def test_sizes_that_add_up_to_a_pair_are_taken(checked: Check, sizes: list[tuple[object, str]]) -> None:
    assert not said(checked, "container-app-pair", app(containers(*sizes)))


@pytest.mark.parametrize(
    ("sizes", "fix"),
    [
        ([(0.3, "0.6Gi")], '"cpu": 0.5, "memory": "1Gi" for all together'),
        ([(1, "1Gi")], '"cpu": 1, "memory": "2Gi" for all together'),
        ([(0.5, "1Gi"), (0.5, "2Gi")], '"cpu": 1.5, "memory": "3Gi" for all together'),
        ([(8, "16Gi")], '"cpu": 4, "memory": "8Gi" for all together'),
    ],
)
def test_the_next_pair_is_named(checked: Check, sizes: list[tuple[object, str]], fix: str) -> None:
    assert [each[2] for each in said(checked, "container-app-pair", app(containers(*sizes)))] == [fix]


def test_machines_of_ones_own_take_any_size(checked: Check) -> None:
    assert not said(
        checked, "container-app-pair", app(containers((6, "10Gi")), workloadProfileName="dedicated")
    )


def test_a_request_may_wake_what_cores_cannot(checked: Check) -> None:
    cores = {"name": "cpu", "custom": {"type": "cpu", "metadata": {"value": "70"}}}
    requests = {"name": "web", "http": {"metadata": {"concurrentRequests": "20"}}}

    assert said(checked, "container-app-asleep", app({"scale": {"rules": [cores]}}))
    assert not said(checked, "container-app-asleep", app({"scale": {"rules": [cores, requests]}}))


def test_an_app_with_ingress_is_woken_by_requests_without_any_rule(checked: Check) -> None:
    assert said(checked, "container-app-asleep", app({}))
    assert not said(checked, "container-app-asleep", app({}, {"ingress": {"targetPort": 8080}}))


def test_unsaid_an_app_has_ten_replicas_at_most(checked: Check) -> None:
    [(what, _, _)] = said(checked, "container-app-replicas", app({"scale": {"minReplicas": 11}}))

    assert what == "11 at least, 10 at most when nothing is said"


def test_weights_add_up_to_a_hundred(checked: Check) -> None:
    shares = [{"revisionName": "web--1", "weight": 90}, {"revisionName": "web--2", "weight": 20}]
    configuration = {"activeRevisionsMode": "multiple", "ingress": {"traffic": shares}}

    assert [what for what, _, _ in said(checked, "container-app-traffic", app({}, configuration))] == [
        "the weights come to 110, not 100"
    ]


def test_a_secret_is_missed_wherever_it_is_named(checked: Check) -> None:
    rule = {
        "name": "queue",
        "custom": {"type": "azure-servicebus", "auth": [{"secretRef": "bus"}], "metadata": {}},
    }
    template = {
        "containers": [{"name": "web", "env": [{"name": "KEY", "secretRef": "key"}]}],
        "scale": {"rules": [rule]},
    }
    configuration = {
        "secrets": [{"name": "key"}],
        "registries": [{"server": "shop.azurecr.io", "passwordSecretRef": "registry"}],
    }

    found = said(checked, "container-app-secret", app(template, configuration))

    assert [what for what, _, _ in found] == [
        '"bus" is no secret of the app',
        '"registry" is no secret of the app',
    ]


def test_a_group_may_say_as_whom_it_runs_but_not_have_its_host(checked: Check) -> None:
    def group(context: dict[str, Any], sku: str = "Standard") -> dict[str, Any]:
        container = {"name": "runner", "properties": {"image": "runner:1", "securityContext": context}}
        return {"type": GROUP, "name": "runner", "properties": {"sku": sku, "containers": [container]}}

    assert not said(checked, "container-privileged", group({"runAsUser": 1000}))
    assert said(checked, "container-privileged", group({"privileged": True}))
    assert not said(checked, "container-privileged", group({"privileged": True}, "Confidential"))


@pytest.mark.parametrize("image", ["docker:27-dind", "docker.io/library/docker:dind", "shop/dind:1"])
def test_docker_in_docker_is_known_by_its_image(checked: Check, image: str) -> None:
    assert said(checked, "container-docker", app({"containers": [{"name": "runner", "image": image}]}))


@pytest.mark.parametrize("image", ["shop.azurecr.io/docker-docs:1", "shop.azurecr.io/grinding:1"])
def test_a_word_in_a_name_is_no_docker(checked: Check, image: str) -> None:
    assert not said(checked, "container-docker", app({"containers": [{"name": "web", "image": image}]}))


@pytest.mark.parametrize(
    ("image", "other"), [("arm64v8/python:3.13", True), ("python:3.13-arm64", True), ("shop/farm64:1", False)]
)
def test_images_for_other_machines_are_known_by_their_names(checked: Check, image: str, other: bool) -> None:
    template = {"containers": [{"name": "web", "image": image}]}

    assert bool(said(checked, "container-app-platform", app(template))) is other


@pytest.mark.parametrize(
    ("machine", "severity"),
    [
        ("Standard_B4ms", "error"),
        ("Standard_D2s_v5", "warning"),
        ("Standard_D4s_v5", None),
        ("Standard_DS3_v2", None),  # 4 cores: sizes of the second generation are no count of them
    ],
)
def test_the_clusters_own_machines_are_steady(checked: Check, machine: str, severity: str | None) -> None:
    pool = {"name": "system", "mode": "System", "vmSize": machine}
    cluster = {"type": CLUSTER, "name": "shop", "properties": {"agentPoolProfiles": [pool]}}

    found = said(checked, "aks-system-machine", cluster)

    assert [severity for _, severity, _ in found] == ([severity] if severity else [])


def test_long_term_support_adds_two_years(checked: Check) -> None:
    old = {"kubernetesVersion": "1.30.9"}

    def cluster(properties: dict[str, Any]) -> dict[str, Any]:
        return {"type": CLUSTER, "name": "shop", "properties": properties}

    assert said(checked, "aks-version", cluster(old))
    assert not said(checked, "aks-version", cluster({**old, "supportPlan": "AKSLongTermSupport"}))


def test_a_slot_is_no_mistake_when_one_plan_of_two_has_slots(checked: Check) -> None:
    basic = {"type": FARM, "name": "small", "sku": {"name": "B1"}}
    premium = {"type": FARM, "name": "large", "sku": {"name": "P1v3"}}
    slot = {"type": "Microsoft.Web/sites/slots", "name": "web/staging", "properties": {}}

    assert said(checked, "site-slot", basic, slot)
    assert not said(checked, "site-slot", basic, premium, slot)


def test_what_is_expected_of_a_request_counts_as_well(checked: Check) -> None:
    text = """
from seatrial import System

shop = System("shop")
web = shop.service("web", "serve", port=8080, host="{host}")
shop.usage(web, request_time="{time}")
"""
    rules = {
        (host, time): {each.rule for each in checked(text.format(host=host, time=time)).findings}
        for host in ("container apps", "app service")
        for time in ("235 s", "241 s")
    }

    assert "request-too-long" not in rules["container apps", "235 s"]
    assert "request-too-long" in rules["container apps", "241 s"]
    assert "request-too-long" in rules["app service", "235 s"]
