from seatrial import System
from seatrial.azure import access, identity
from seatrial.azure.compile import graph
from seatrial.azure.roles import ROLES
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Out, Ref, plain

VAULT = Ref(type="Microsoft.KeyVault/vaults", name="kiosk")


def kiosk(region: str = "eastus2") -> Stamp:
    system = System("kiosk", region="eastus2", also_in=("westeurope",))
    system.service("web", "python -m kiosk.web", port=8000)
    return Stamp(plan=system.plan(), region=region)


def test_a_right_names_one_role_one_resource_and_one_identity() -> None:
    at = kiosk()

    right = access.assign("Key Vault Secrets User", VAULT, "web", at, "web reads secrets", "web")

    properties = right.body["properties"]
    assert right.scope == VAULT
    assert properties["principalId"] == Out(of=identity.ref("web", at), path="properties.principalId")
    assert properties["principalType"] == "ServicePrincipal"
    assert plain(properties["roleDefinitionId"]).endswith(f"/{ROLES['Key Vault Secrets User']}")


def test_the_name_of_a_right_is_the_same_whenever_it_is_made() -> None:
    first, second = (access.assign("AcrPull", VAULT, "web", kiosk(), "web pulls") for _ in range(2))

    assert first == second


def test_the_same_right_of_another_region_is_another_right() -> None:
    here, there = (access.assign("AcrPull", VAULT, "web", kiosk(region), "web pulls") for region in REGIONS)

    assert here.ref != there.ref
    assert (here.region, there.region) == REGIONS


REGIONS = ("eastus2", "westeurope")


def test_how_a_process_uses_a_part_is_the_word_by_which_it_named_it() -> None:
    system = System("kiosk", region="eastus2")
    models = system.blobs("models")
    orders = system.queue("orders")
    reader = system.worker("reader", "r", uses=[models], receives=[orders])
    writer = system.worker("writer", "w", reads=[models], sends=[orders])
    both = system.worker("both", "b", sends=[orders], receives=[orders])
    plan = system.plan()
    reader, writer, both = (plan.of(type(reader))[index] for index in range(3))
    models, orders = plan.parts[0], plan.parts[1]  # type: ignore[assignment]

    assert access.use_of(reader, models) == "all"
    assert access.use_of(writer, models) == "reads"
    assert access.use_of(reader, orders) == "receives"
    assert access.use_of(writer, orders) == "sends"
    assert access.use_of(both, orders) == "all"


def test_nobody_has_a_right_on_what_it_does_not_use() -> None:
    system = System("kiosk", region="eastus2")
    models = system.blobs("models")
    orders = system.queue("orders")
    system.service("web", "python -m kiosk.web", port=8000, reads=[models])
    system.worker("mover", "python -m kiosk.mover", receives=[orders])
    made = graph(system.plan())

    def rights_of(name: str) -> set[str]:
        who = identity.ref(name, Stamp(plan=made.plan, region="eastus2"))
        roles = {guid: role for role, guid in ROLES.items()}
        return {
            roles[plain(each.body["properties"]["roleDefinitionId"]).rpartition("/")[2]]
            for each in made.of("Microsoft.Authorization/roleAssignments")
            if each.body["properties"]["principalId"] == Out(of=who, path="properties.principalId")
        }

    everybody = {"AcrPull", "Monitoring Metrics Publisher"}
    assert rights_of("web") == everybody | {"Storage Blob Data Reader"}
    assert rights_of("mover") == everybody | {"Azure Service Bus Data Receiver"}
