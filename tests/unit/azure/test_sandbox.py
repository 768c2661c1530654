from typing import Any

import pytest

from seatrial import System
from seatrial.azure import identity, sandbox
from seatrial.azure.compile import graph
from seatrial.azure.errors import Refused
from seatrial.azure.graph import Graph, Resource
from seatrial.azure.hosts import settings
from seatrial.azure.roles import ROLES
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Out, Ref, plain
from seatrial.model import Sandbox, Service

POOLS = "Microsoft.App/sessionPools"


def built(**wanted: Any) -> Graph:
    system = System("kiosk", region="eastus2")
    cell = system.sandbox("code-cell", "python -m kiosk.cell --port {port}", port=8080, **wanted)
    system.service("web", "python -m kiosk.web", port=8000, uses=[cell])
    system.worker("mover", "python -m kiosk.mover")
    return graph(system.plan())


def pool(made: Graph) -> Resource:
    (found,) = made.of(POOLS)
    return found


def test_a_session_is_a_container_of_the_systems_own_image() -> None:
    made = built(cpu=0.4, memory="1 GiB", ready=2, most=20, idle="10 min")

    properties = pool(made).body["properties"]
    (container,) = properties["customContainerTemplate"]["containers"]
    assert container["resources"] == {"cpu": 0.5, "memory": "1Gi"}
    assert container["command"] == ["python", "-m", "kiosk.cell", "--port", "8080"]
    assert plain(container["image"], "?") == "?/kiosk/code-cell:?"
    assert properties["customContainerTemplate"]["ingress"] == {"targetPort": 8080}
    assert properties["scaleConfiguration"] == {"maxConcurrentSessions": 20, "readySessionInstances": 2}
    assert properties["dynamicPoolConfiguration"]["lifecycleConfiguration"] == {
        "lifecycleType": "Timed",
        "cooldownPeriodInSeconds": 600,
    }


def test_the_name_of_a_pool_has_letters_and_digits_only() -> None:
    assert pool(built()).ref.name == "codecell"


def test_the_code_inside_reaches_nothing_and_is_nobody() -> None:
    made = built()

    properties = pool(made).body["properties"]
    assert properties["sessionNetworkConfiguration"] == {"status": "EgressDisabled"}
    me = Id(of=identity.ref("code-cell", Stamp(plan=made.plan, region="eastus2")))
    assert properties["managedIdentitySettings"] == [{"identity": me, "lifecycle": "None"}]
    (container,) = properties["customContainerTemplate"]["containers"]
    assert [each["name"] for each in container["env"]] == ["HOST", "PORT"]


def test_code_reaches_out_only_where_that_was_said() -> None:
    properties = pool(built(internet=True)).body["properties"]

    assert properties["sessionNetworkConfiguration"] == {"status": "EgressEnabled"}


def test_who_uses_it_is_given_its_address_and_the_right_to_run_code() -> None:
    made = built()
    at = Stamp(plan=made.plan, region="eastus2")
    (web,) = made.plan.of(Service)

    assert {each.name: each.value for each in settings(web, at)}["CODE_CELL_URL"] == Out(
        of=sandbox.ref(made.plan.of(Sandbox)[0], at), path="properties.poolManagementEndpoint"
    )
    (right,) = (each for each in made.of("Microsoft.Authorization/roleAssignments") if _on_pool(each))
    assert right.body["properties"]["principalId"].of == identity.ref("web", at)
    assert plain(right.body["properties"]["roleDefinitionId"]).endswith(
        ROLES["Azure ContainerApps Session Executor"]
    )


def _on_pool(right: Resource) -> bool:
    return isinstance(right.scope, Ref) and right.scope.type == POOLS


def test_a_session_larger_than_a_container_can_be_is_refused() -> None:
    with pytest.raises(Refused, match="4 cores and 8 GiB at most"):
        built(cpu=6)
