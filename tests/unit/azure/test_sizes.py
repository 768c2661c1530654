"""The size of a resource, read from what it is made with."""

from __future__ import annotations

from typing import Any

import pytest

from seatrial.azure.graph import Resource
from seatrial.azure.sizes import size_of
from seatrial.azure.values import Parameter, Ref


def made(type: str, body: dict[str, Any]) -> Resource:
    return Resource(
        ref=Ref(type=type, name="x"), module="data", region="eastus2", symbol="x", why="x", body=body
    )


CONTAINER = {"containers": [{"resources": {"cpu": 0.5, "memory": "1Gi"}}]}
POOL = {"vmSize": "Standard_D4s_v5", "minCount": 0, "maxCount": 4}
GROUP = [{"properties": {"resources": {"requests": {"cpu": 2, "memoryInGB": 8}}}}] * 2


@pytest.mark.parametrize(
    ("type", "body", "words"),
    [
        (
            "Microsoft.DBforPostgreSQL/flexibleServers",
            {
                "sku": {"name": "Standard_D4ds_v5"},
                "properties": {
                    "storage": {"storageSizeGB": 128},
                    "highAvailability": {"mode": "ZoneRedundant"},
                    "backup": {"backupRetentionDays": 35, "geoRedundantBackup": "Enabled"},
                },
            },
            "Standard_D4ds_v5, 128 GiB, standby in another zone, backups for 35 days,"
            " also in the paired region",
        ),
        (
            "Microsoft.DBforPostgreSQL/flexibleServers",
            {"sku": {"name": "Standard_D2ds_v5"}, "properties": {"createMode": "Replica"}},
            "read replica, Standard_D2ds_v5",
        ),
        (
            "Microsoft.App/containerApps",
            {"properties": {"template": {**CONTAINER, "scale": {"minReplicas": 0, "maxReplicas": 10}}}},
            "0.5 vCPU, 1 GiB, 0 to 10 replicas",
        ),
        (
            "Microsoft.App/containerApps",
            {"properties": {"template": {**CONTAINER, "scale": {"minReplicas": 1, "maxReplicas": 1}}}},
            "0.5 vCPU, 1 GiB, 1 replica",
        ),
        (
            "Microsoft.App/jobs",
            {
                "properties": {
                    "template": CONTAINER,
                    "configuration": {"scheduleTriggerConfig": {"cronExpression": "0 3 * * *"}},
                }
            },
            '0.5 vCPU, 1 GiB, at "0 3 * * *"',
        ),
        (
            "Microsoft.ContainerInstance/containerGroups",
            {"properties": {"containers": GROUP}},
            "4 vCPU, 16 GiB, 2 containers",
        ),
        (
            "Microsoft.ContainerService/managedClusters/agentPools",
            {"properties": {**POOL, "scaleSetPriority": "Spot"}},
            "Standard_D4s_v5, 0 to 4 machines, spot",
        ),
        (
            "Microsoft.CognitiveServices/accounts/deployments",
            {"sku": {"name": "GlobalStandard", "capacity": 1200}, "properties": {"model": {"name": "small"}}},
            "small, global standard, 1,200k tokens a minute",
        ),
        (
            "Microsoft.Network/applicationGateways",
            {
                "properties": {
                    "sku": {"name": "WAF_v2"},
                    "autoscaleConfiguration": {"minCapacity": 0, "maxCapacity": 2},
                }
            },
            "WAF_v2, 0 to 2 instances",
        ),
        (
            "Microsoft.OperationalInsights/workspaces",
            {"properties": {"retentionInDays": 30, "workspaceCapping": {"dailyQuotaGb": -1}}},
            "30 days",
        ),
        ("Microsoft.Consumption/budgets", {"properties": {"amount": 1500}}, "$1,500 a month"),
        ("Microsoft.Network/privateEndpoints", {}, ""),
    ],
    ids=lambda value: value.rpartition("/")[2][:24] if isinstance(value, str) else "",
)
def test_a_size_in_words(type, body, words):
    assert size_of(made(type, body)) == words


@pytest.mark.parametrize("body", [{}, {"sku": {}}, {"properties": {"template": {}}}, {"properties": None}])
@pytest.mark.parametrize("type", ["Microsoft.App/containerApps", "Microsoft.Web/serverfarms"])
def test_what_is_not_said_makes_no_words(type, body):
    assert size_of(made(type, body)) == ""


def test_what_only_the_deployment_knows_makes_no_words():
    size = Parameter(name="size", why="How large")

    assert size_of(made("Microsoft.Storage/storageAccounts", {"sku": {"name": size}})) == ""
