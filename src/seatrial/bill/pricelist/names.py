"""The names of services, products and regions in the price book, of those that Azure has used for them.

They change with time and differ by reader: a meter must have one name in the book, however it came there,
and be found under the others.
"""

from __future__ import annotations

import re

__all__ = [
    "MACHINES",
    "POSTGRES",
    "PRODUCTS",
    "SERVICES",
    "canonical",
    "former",
    "placed",
    "services",
    "spaced",
    "wanted",
]

POSTGRES = "Azure Database for PostgreSQL"
MACHINES = "Virtual Machines"

SERVICES = {
    "Azure OpenAI": "Foundry Models",
    "Cognitive Services": "Foundry Models",
    "Virtual Network Private Link": "Virtual Network",
    "Azure App Service (Static Web Apps)": "Azure App Service",
    "Storage (managed disks)": "Storage",
}
"""Services that have had another name."""
PRODUCTS = {
    "Az DB for PostgreSQL Flexible Server Storage": "Azure Database for PostgreSQL Flex Server Storage",
    "Flex Server Storage": "Azure Database for PostgreSQL Flex Server Storage",
    "Flexible Server Burstable BS Series Compute": (
        "Azure Database for PostgreSQL Flexible Server Burstable BS Series Compute"
    ),
}
"""Products that have had another name."""

WHOLE = (
    "API Management",
    "Application Gateway",
    "Application Insights",
    "Azure Bastion",
    "Azure Container Apps",
    "Azure DNS",
    "Azure Firewall",
    "Azure Front Door Service",
    "Azure Kubernetes Service",
    "Azure Monitor",
    "Bandwidth",
    "Container Registry",
    "Key Vault",
    "Load Balancer",
    "Log Analytics",
    "NAT Gateway",
    "Service Bus",
    "Traffic Manager",
    "VPN Gateway",
    "Virtual Network",
)
PARTLY = {
    "Azure App Service": r".* - Linux$|Static Web Apps$",
    "Azure Cosmos DB": r"Azure Cosmos DB",
    "Azure Database for PostgreSQL": r"Azure Database for (PostgreSQL Flex|PostgSQL Extended Support)",
    "Container Instances": r"Container Instances",
    "Foundry Models": r"Azure OpenAI",
    "Redis Cache": r"Azure Managed Redis",
    "Storage": (
        r"(General Block Blob v2|Blob Storage|Files v2|(Premium|Standard) SSD Managed Disks"
        r"|Standard HDD Managed Disks|Storage - Bandwidth|Azure Premium SSD v2)$"
    ),
    "Virtual Machines": r"Virtual Machines( |$)(?!.*(Windows|Cloud ?Services|Dedicated Host))",
}
"""Of these services, the products that a part of ours can need."""


def spaced(text: str) -> str:
    """Without hard, double or outer spaces, of which the price list has some."""
    return " ".join(text.split())


def canonical(service: str, product: str) -> tuple[str, str]:
    """The names under which the book knows a service and a product, of those they have had."""
    service, product = spaced(service), spaced(product)
    service = SERVICES.get(service, service)
    if service == MACHINES and product.startswith(MACHINES):
        return service, MACHINES
    return service, PRODUCTS.get(product, product)


def placed(service: str, region: str) -> str:
    """The region under which the book has a meter: `Global` for what has one price everywhere.

    Zones of DNS are billed under `Zone 1` or no region at all, depending on the reader.
    """
    region = spaced(region)
    if not region or (service == "Azure DNS" and region == "Zone 1"):
        return "Global"
    return region


def wanted(service: str, product: str) -> bool:
    """Whether a part of ours can need it; by the names of the price list as well as by ours."""
    service, product = SERVICES.get(spaced(service), spaced(service)), spaced(product)
    if service in WHOLE:
        return True
    of = PARTLY.get(service)
    return of is not None and re.match(of, PRODUCTS.get(product, product)) is not None


def services() -> tuple[str, ...]:
    """All of which the book keeps prices."""
    return tuple(sorted({*WHOLE, *PARTLY}))


def former(service: str) -> tuple[str, ...]:
    """Other names under which the price list may have a service."""
    return tuple(old for old, new in SERVICES.items() if new == service)
