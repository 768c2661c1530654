from __future__ import annotations

from typing import Any

import pytest

from seatrial import System, cpu, queue_length
from seatrial.azure import aks, identity, network, registry
from seatrial.azure.compile import graph
from seatrial.azure.errors import Refused
from seatrial.azure.graph import Graph, Resource
from seatrial.azure.roles import ROLES, Role
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Out, Ref, expressions
from seatrial.model import Plan

CLUSTERS = "Microsoft.ContainerService/managedClusters"
POOLS = f"{CLUSTERS}/agentPools"
TRUSTS = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials"


def kiosk(**wanted: Any) -> System:
    return System("kiosk", **{"region": "eastus2", **wanted})


def on_cluster(**of_network: Any) -> Plan:
    system = kiosk()
    if of_network:
        system.network("ground", **of_network)
    machines = system.node_pool("machines")
    system.service("web", "python -m kiosk.web", port=8000, host=machines)
    return system.plan()


def cluster(made: Graph) -> Any:
    (only,) = made.of(CLUSTERS)
    return only.body["properties"]


def pool(made: Graph, name: str) -> Any:
    (only,) = (each for each in made.of(POOLS) if each.ref.name == name)
    return only.body["properties"]


def rights(made: Graph, who: str) -> set[tuple[Role, Ref]]:
    """The roles of an identity, each with what it is for."""
    ref = identity.ref(who, Stamp(plan=made.plan, region="eastus2"))
    names = {guid: role for role, guid in ROLES.items()}
    return {
        (names[str(each.body["properties"]["roleDefinitionId"].pieces[-1])[-36:]], each.scope)
        for each in made.of("Microsoft.Authorization/roleAssignments")
        if each.scope is not None
        and Out(of=ref, path="properties.principalId") == each.body["properties"]["principalId"]
    }


def troubles(system: System) -> list[str]:
    with pytest.raises(Refused) as refused:
        graph(system.plan())
    return [f"{each.part}: {each.what}" for each in refused.value.troubles]


# -- the cluster ----------------------------------------------------------------------------------------


def test_a_plan_without_kubernetes_has_no_cluster() -> None:
    system = kiosk()
    system.service("web", "python -m kiosk.web", port=8000)

    assert graph(system.plan()).of(CLUSTERS) == ()


def test_the_api_answers_inside_only_and_nobody_is_local() -> None:
    properties = cluster(graph(on_cluster()))

    assert properties["apiServerAccessProfile"]["enablePrivateCluster"] is True
    assert properties["disableLocalAccounts"] is True
    assert properties["aadProfile"]["enableAzureRBAC"] is True
    assert properties["oidcIssuerProfile"] == {"enabled": True}
    assert properties["securityProfile"]["workloadIdentity"] == {"enabled": True}
    assert properties["networkProfile"]["networkPolicy"] == "cilium"
    assert properties["kubernetesVersion"] == aks.KUBERNETES


def test_only_the_cluster_itself_runs_on_its_two_small_machines() -> None:
    (system,) = cluster(graph(on_cluster()))["agentPoolProfiles"]

    assert (system["mode"], system["minCount"], system["nodeTaints"]) == (
        "System",
        2,
        ["CriticalAddonsOnly=true:NoSchedule"],
    )
    assert system["availabilityZones"] == ["1", "2", "3"]


def test_the_cluster_may_do_no_more_than_it_must() -> None:
    made = graph(on_cluster())

    at = Stamp(plan=made.plan, region="eastus2")
    assert rights(made, "kiosk-cluster") == {
        ("Network Contributor", network.subnet("cluster", at)),
        ("Managed Identity Operator", identity.ref("kiosk-machines", at)),
    }
    assert rights(made, "kiosk-machines") == {("AcrPull", registry.ref(made.plan))}
    (only,) = made.of(CLUSTERS)
    assert len(only.after) == 2  # both rights, before it makes its first machine


def test_who_deploys_is_given_the_cluster_and_nobody_else_is() -> None:
    made = graph(on_cluster())

    (only,) = (
        each
        for each in made.of("Microsoft.Authorization/roleAssignments")
        if each.scope == made.of(CLUSTERS)[0].ref
    )
    assert only.body["properties"]["principalId"] == aks.DEPLOYER
    assert aks.DEPLOYER in made.parameters


@pytest.mark.parametrize(
    ("ground", "expected"),
    [
        ({}, "loadBalancer"),
        ({"nat": True}, "userAssignedNATGateway"),
        ({"firewall": True}, "userDefinedRouting"),
    ],
)
def test_what_goes_out_takes_the_way_of_the_network(ground: dict[str, Any], expected: str) -> None:
    assert cluster(graph(on_cluster(**ground)))["networkProfile"]["outboundType"] == expected


def test_the_gateway_is_switched_on_only_for_what_the_world_reaches() -> None:
    system = kiosk()
    machines = system.node_pool("machines")
    system.service("web", "python -m kiosk.web", port=8000, host=machines, public=True)

    ingress = cluster(graph(system.plan()))["ingressProfile"]

    assert ingress["gatewayAPI"] == {"installation": "Standard"}
    assert ingress["webAppRouting"]["nginx"] == {"defaultIngressControllerType": "None"}
    assert "ingressProfile" not in cluster(graph(on_cluster()))


def test_logs_go_to_the_workspace_without_a_key() -> None:
    made = graph(on_cluster())

    assert cluster(made)["addonProfiles"]["omsagent"]["config"]["useAADAuth"] == "true"
    (rule,) = made.of("Microsoft.Insights/dataCollectionRules")
    (follows,) = made.of("Microsoft.Insights/dataCollectionRuleAssociations")
    assert follows.scope == made.of(CLUSTERS)[0].ref
    assert follows.body["properties"]["dataCollectionRuleId"] == Id(of=rule.ref)


def test_a_network_that_overlaps_the_addresses_inside_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        graph(on_cluster(space="172.16.0.0/16"))

    assert "overlaps 172.16.0.0/16, which the cluster has inside" in str(refused.value)


def test_each_region_has_a_cluster_of_its_own() -> None:
    system = kiosk(also_in=["westeurope"])
    machines = system.node_pool("machines")
    system.worker("mail", "python -m kiosk.mail", host=machines)

    made = graph(system.plan())

    assert [each.ref.name for each in made.of(CLUSTERS)] == ["kiosk-eastus2", "kiosk-westeurope"]
    issuers = [each.body["properties"]["issuer"].of.name for each in made.of(TRUSTS)]
    assert issuers == ["kiosk-eastus2", "kiosk-westeurope"]


# -- machines -------------------------------------------------------------------------------------------


def test_a_pool_grows_between_its_bounds() -> None:
    system = kiosk()
    system.node_pool("machines", machine="Standard_D8s_v5", nodes=(2, 9))

    machines = pool(graph(system.plan()), "machines")

    assert (machines["vmSize"], machines["minCount"], machines["maxCount"]) == ("Standard_D8s_v5", 2, 9)
    assert machines["upgradeSettings"] == {"maxSurge": "33%"}
    assert "nodeTaints" not in machines


def test_cheap_dear_and_isolated_machines_take_only_those_who_bear_them() -> None:
    system = kiosk()
    system.node_pool("spot", spot=True, nodes=(0, 5))
    system.node_pool("graphics", gpus=1, machine="Standard_NC4as_T4_v3")
    system.node_pool("apart", isolated=True)

    made = graph(system.plan())

    assert pool(made, "spot")["nodeTaints"] == ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"]
    assert pool(made, "spot")["scaleSetEvictionPolicy"] == "Delete"
    assert "upgradeSettings" not in pool(made, "spot")
    assert pool(made, "graphics")["nodeTaints"] == ["sku=gpu:NoSchedule"]
    assert "availabilityZones" not in pool(made, "graphics")
    assert pool(made, "graphics")["gpuProfile"] == {"driver": "Install"}
    assert pool(made, "apart")["workloadRuntime"] == "KataVmIsolation"
    assert pool(made, "apart")["osSKU"] == "AzureLinux"


def test_a_process_that_names_no_pool_gets_one() -> None:
    system = kiosk()
    system.worker("mail", "python -m kiosk.mail", host="aks")

    assert pool(graph(system.plan()), "general")["vmSize"] == "Standard_D4s_v5"


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (
            {"isolated": True, "machine": "Standard_B4ms"},
            "Standard_B4ms cannot run machines inside, as pods with kernels of their own are",
        ),
        (
            {"isolated": True, "gpus": 1, "machine": "Standard_D4s_v5"},
            "a pod with a kernel of its own cannot use a GPU",
        ),
    ],
)
def test_machines_that_azure_has_not_are_refused(wanted: dict[str, Any], expected: str) -> None:
    system = kiosk()
    system.node_pool("machines", **wanted)

    assert troubles(system) == [f"machines: {expected}"]


def test_two_pools_whose_names_azure_cuts_to_one_are_refused() -> None:
    system = kiosk()
    system.node_pool("graphics-machines-a")
    system.node_pool("graphics-machines-b")

    (only,) = troubles(system)

    assert "two resources of Microsoft.ContainerService/managedClusters/agentPools are called" in only


# -- who runs on it -------------------------------------------------------------------------------------


def trusts(made: Graph, name: str) -> dict[str, Resource]:
    owner = identity.ref(name, Stamp(plan=made.plan, region="eastus2"))
    return {str(each.ref.name): each for each in made.of(TRUSTS) if each.ref.parent == owner}


def test_a_process_is_its_identity_by_its_service_account() -> None:
    made = graph(on_cluster())

    (only,) = trusts(made, "web").values()

    assert only.body["properties"] == {
        "issuer": Out(of=made.of(CLUSTERS)[0].ref, path="properties.oidcIssuerProfile.issuerURL"),
        "subject": "system:serviceaccount:kiosk:web",
        "audiences": ["api://AzureADTokenExchange"],
    }


def test_who_counts_for_a_process_is_trusted_one_after_the_other() -> None:
    system = kiosk()
    letters = system.queue("letters")
    system.worker(
        "mail",
        "python -m kiosk.mail",
        host="aks",
        receives=[letters],
        replicas=(0, 5),
        scale=[queue_length(letters), cpu(70)],
    )

    found = trusts(graph(system.plan()), "mail")

    assert found["keda"].body["properties"]["subject"] == "system:serviceaccount:kube-system:keda-operator"
    assert found["keda"].after == (found["cluster"].ref,)


def test_a_service_that_others_outside_cannot_find_is_refused() -> None:
    system = kiosk()
    web = system.service("web", "python -m kiosk.web", port=8000, host="aks")
    system.worker("mail", "python -m kiosk.mail", uses=[web])
    system.front_door("door", routes={"/*": web}, tier="premium")

    assert troubles(system) == [
        "web: mail runs on container apps, where names of the cluster are not known",
        "web: door does not find a service inside the cluster",
    ]


def test_no_template_of_a_cluster_holds_a_secret() -> None:
    made = graph(on_cluster())

    of_cluster = [each.body for each in made.resources if each.type.startswith("Microsoft.ContainerService")]
    assert not [each for each in expressions(of_cluster) if getattr(each, "secret", False)]
