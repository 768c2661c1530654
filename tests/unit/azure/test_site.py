import pytest

from seatrial.azure.compile import graph
from seatrial.azure.values import Join, Out
from seatrial.model import System


@pytest.mark.parametrize(
    ("region", "stands_in"),
    [
        ("eastus", "eastus2"),
        ("westus3", "westus2"),
        ("southcentralus", "centralus"),
        ("swedencentral", "westeurope"),
        ("southafricanorth", "westeurope"),
        ("australiaeast", "eastasia"),
    ],
)
def test_a_site_stands_in_the_nearest_of_the_five_regions_that_have_any(region: str, stands_in: str) -> None:
    system = System("leaflet", region=region)
    system.site("pages", directory="web", port=8000)

    (site,) = graph(system.plan()).of("Microsoft.Web/staticSites")

    assert site.location == stands_in
    assert site.body["sku"]["name"] == "Standard"
    assert "repositoryUrl" not in site.body["properties"]


def test_there_is_one_however_many_regions_there_are() -> None:
    system = System("leaflet", region="eastus2", also_in=["westeurope"])
    system.site("pages", directory="web", port=8000)

    assert len(graph(system.plan()).of("Microsoft.Web/staticSites")) == 1


def test_users_are_given_its_address() -> None:
    system = System("leaflet")
    pages = system.site("pages", directory="web", port=8000)
    system.worker("printer", "print", uses=[pages])

    built = graph(system.plan())

    (site,) = built.of("Microsoft.Web/staticSites")
    (app,) = built.of("Microsoft.App/containerApps")
    (container,) = app.body["properties"]["template"]["containers"]
    given = {each["name"]: each.get("value") for each in container["env"]}
    address = given["PAGES_URL"]
    assert isinstance(address, Join)
    assert address.pieces == ("https://", Out(of=site.ref, path="properties.defaultHostname"))
