"""The body of a cluster: how its API is reached, how its machines and pods are, who is let in, what is kept.

Source: https://learn.microsoft.com/azure/templates/microsoft.containerservice/managedclusters
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from seatrial.azure import access, logs, network
from seatrial.azure.addresses import PODS
from seatrial.azure.graph import Resource
from seatrial.azure.reach import network_of
from seatrial.azure.regions import has_zones
from seatrial.azure.roles import ROLES, Role
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Guid, Id, Known, Out, Parameter, Ref
from seatrial.model import Plan

__all__ = ["DEPLOYER", "KUBERNETES", "SERVICES", "deployer_right", "logs_resources", "properties"]

KUBERNETES = "1.35"
"""Kept up to date within this version by Azure. Upstream cares for it until 2027-02.

Source: https://kubernetes.io/releases/1.35
"""

SERVICES, NAMES = "172.16.0.0/16", "172.16.0.10"
"""The addresses of services inside the cluster, which nobody outside of it sees; and of its name server.

Source: https://learn.microsoft.com/azure/aks/azure-cni-overlay
"""

KEPT_LOGS = Parameter(
    name="clusterLogs",
    why="What is kept of the cluster's containers: all that is known of them, or only what they write",
    allowed=("Microsoft-ContainerInsights-Group-Default", "Microsoft-ContainerLogV2"),
    default="Microsoft-ContainerInsights-Group-Default",
)

DEPLOYER = Parameter(
    name="clusterDeployer",
    why="The object id, in Microsoft Entra, of who applies manifests to the cluster: that of the workflows",
)

SYSTEM_MACHINE = "Standard_D2s_v5"
"""For what belongs to the cluster itself: 2 cores and 8 GiB; at least 2 and 4 are asked for.

Source: https://learn.microsoft.com/azure/aks/use-system-pools
"""


def properties(machines: Ref, public: bool, at: Stamp) -> dict[str, Any]:
    return {
        "kubernetesVersion": KUBERNETES,
        "dnsPrefix": at.name(at.plan.name),
        "disableLocalAccounts": True,
        "enableRBAC": True,
        "aadProfile": {"managed": True, "enableAzureRBAC": True, "tenantID": Known(what="tenant")},
        "apiServerAccessProfile": {
            "enablePrivateCluster": True,
            "enablePrivateClusterPublicFQDN": True,
            "privateDNSZone": "none",
            "disableRunCommand": False,
        },
        "agentPoolProfiles": [_system_pool(at)],
        "networkProfile": {
            "networkPlugin": "azure",
            "networkPluginMode": "overlay",
            "networkDataplane": "cilium",
            "networkPolicy": "cilium",
            "loadBalancerSku": "standard",
            "outboundType": _way_out(at.plan),
            "podCidr": PODS,
            "serviceCidr": SERVICES,
            "dnsServiceIP": NAMES,
        },
        "autoUpgradeProfile": {"upgradeChannel": "patch", "nodeOSUpgradeChannel": "NodeImage"},
        "nodeResourceGroupProfile": {"restrictionLevel": "ReadOnly"},
        "identityProfile": {
            "kubeletidentity": {
                "resourceId": Id(of=machines),
                "clientId": Out(of=machines, path="properties.clientId"),
                "objectId": Out(of=machines, path="properties.principalId"),
            }
        },
        "oidcIssuerProfile": {"enabled": True},
        "securityProfile": {
            "workloadIdentity": {"enabled": True},
            "imageCleaner": {"enabled": True, "intervalHours": 168},
        },
        "workloadAutoScalerProfile": {"keda": {"enabled": True}},
        **({"ingressProfile": _ingress()} if public else {}),
        "addonProfiles": {
            "azurepolicy": {"enabled": True},
            "azureKeyvaultSecretsProvider": {
                "enabled": True,
                "config": {"enableSecretRotation": "true", "rotationPollInterval": "2m"},
            },
            "omsagent": {
                "enabled": True,
                "config": {
                    "logAnalyticsWorkspaceResourceID": Id(of=logs.workspace(at)),
                    "useAADAuth": "true",
                },
            },
        },
    }


def _system_pool(at: Stamp) -> dict[str, Any]:
    """Two small machines for what belongs to the cluster itself; nothing else runs there."""
    return {
        "name": "system",
        "mode": "System",
        "type": "VirtualMachineScaleSets",
        "vmSize": SYSTEM_MACHINE,
        "osType": "Linux",
        "osSKU": "AzureLinux",
        "count": 2,
        "enableAutoScaling": True,
        "minCount": 2,
        "maxCount": 3,
        "maxPods": 110,
        "enableNodePublicIP": False,
        "vnetSubnetID": Id(of=network.subnet("cluster", at)),
        "nodeTaints": ["CriticalAddonsOnly=true:NoSchedule"],
        "upgradeSettings": {"maxSurge": "33%"},
        "securityProfile": {"sshAccess": "Disabled"},
        **({"availabilityZones": ["1", "2", "3"]} if has_zones(at.region) else {}),
    }


def deployer_right(of: Ref, at: Stamp) -> Resource:
    """Without local accounts nobody may do anything in a cluster until a role says so, not even its maker."""
    role: Role = "Azure Kubernetes Service RBAC Cluster Admin"
    return Resource(
        ref=Ref(
            type="Microsoft.Authorization/roleAssignments",
            name=Guid(pieces=(Id(of=of), DEPLOYER, ROLES[role])),
        ),
        module="compute",
        region=at.region,
        symbol="clusterDeployerRight",
        why="Who deploys may apply manifests",
        tagged=False,
        scope=of,
        body={
            "properties": {
                "roleDefinitionId": access.definition(role),
                "principalId": DEPLOYER,
            }
        },
    )


def _way_out(plan: Plan) -> str:
    """By the network's own way out, where it has one.

    Source: https://learn.microsoft.com/azure/aks/egress-outboundtype
    """
    ground = network_of(plan)
    if ground.firewall:
        return "userDefinedRouting"
    return "userAssignedNATGateway" if ground.nat else "loadBalancer"


def _ingress() -> dict[str, Any]:
    return {
        "gatewayAPI": {"installation": "Standard"},
        "webAppRouting": {
            "enabled": True,
            "nginx": {"defaultIngressControllerType": "None"},
            "gatewayAPIImplementations": {"appRoutingIstio": {"mode": "Enabled"}},
        },
    }


def logs_resources(of: Ref, at: Stamp) -> Iterator[Resource]:
    """What containers write goes to the workspace, sent by the cluster's own identity, without a key.

    Source: https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-enable
    """
    rule = Ref(type="Microsoft.Insights/dataCollectionRules", name=at.name(f"{at.plan.name}-cluster-logs"))
    streams = [KEPT_LOGS]
    yield Resource(
        ref=rule,
        module="compute",
        region=at.region,
        symbol="clusterLogsRule",
        why="What is kept of the cluster's logs, and where",
        location=at.region,
        body={
            "kind": "Linux",
            "properties": {
                "dataSources": {
                    "extensions": [
                        {
                            "name": "ContainerInsightsExtension",
                            "extensionName": "ContainerInsights",
                            "streams": streams,
                            "extensionSettings": {
                                "dataCollectionSettings": {
                                    "interval": "1m",
                                    "namespaceFilteringMode": "Off",
                                    "enableContainerLogV2": True,
                                }
                            },
                        }
                    ]
                },
                "destinations": {
                    "logAnalytics": [{"name": "workspace", "workspaceResourceId": Id(of=logs.workspace(at))}]
                },
                "dataFlows": [{"streams": streams, "destinations": ["workspace"]}],
            },
        },
    )
    yield Resource(
        ref=Ref(type="Microsoft.Insights/dataCollectionRuleAssociations", name="ContainerInsightsExtension"),
        module="compute",
        region=at.region,
        symbol="clusterLogsRuleOfCluster",
        why="The cluster follows that rule",
        tagged=False,
        scope=of,
        body={"properties": {"dataCollectionRuleId": Id(of=rule)}},
    )
