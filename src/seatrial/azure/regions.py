"""What each region of Azure has: zones, the region it is paired with, and whose law it is under.

Source: https://learn.microsoft.com/azure/reliability/regions-list (page of 2025-09-23); the two regions of
Jio, which that page no longer names, by https://learn.microsoft.com/azure/reliability/regions-paired.
A service may lack zones in a region that has them.
"""

from __future__ import annotations

__all__ = ["geography", "has_zones", "paired_with"]

_TABLE = """
australiacentral    -  australiacentral2   Australia
australiacentral2   -  australiacentral    Australia
australiaeast       3  australiasoutheast  Australia
australiasoutheast  -  australiaeast       Australia
austriaeast         3  -                   Austria
belgiumcentral      3  -                   Belgium
brazilsouth         3  southcentralus      Brazil
brazilsoutheast     -  brazilsouth         Brazil
canadacentral       3  canadaeast          Canada
canadaeast          -  canadacentral       Canada
centralindia        3  southindia          India
centralus           3  eastus2             United States
chilecentral        3  -                   Chile
denmarkeast         3  -                   Denmark
eastasia            3  southeastasia       Asia Pacific
eastus              3  westus              United States
eastus2             3  centralus           United States
francecentral       3  francesouth         France
francesouth         -  francecentral       France
germanynorth        -  germanywestcentral  Germany
germanywestcentral  3  germanynorth        Germany
indonesiacentral    3  -                   Indonesia
israelcentral       3  -                   Israel
italynorth          3  -                   Italy
japaneast           3  japanwest           Japan
japanwest           3  japaneast           Japan
jioindiacentral     -  jioindiawest        India
jioindiawest        -  jioindiacentral     India
koreacentral        3  koreasouth          Korea
koreasouth          -  koreacentral        Korea
malaysiawest        3  -                   Malaysia
mexicocentral       3  -                   Mexico
newzealandnorth     3  -                   New Zealand
northcentralus      -  southcentralus      United States
northeurope         3  westeurope          Europe
norwayeast          3  norwaywest          Norway
norwaywest          -  norwayeast          Norway
polandcentral       3  -                   Poland
qatarcentral        3  -                   Qatar
southafricanorth    3  southafricawest     South Africa
southafricawest     -  southafricanorth    South Africa
southcentralus      3  northcentralus      United States
southeastasia       3  eastasia            Asia Pacific
southindia          -  centralindia        India
spaincentral        3  -                   Spain
swedencentral       3  swedensouth         Sweden
switzerlandnorth    3  switzerlandwest     Switzerland
switzerlandwest     -  switzerlandnorth    Switzerland
uaecentral          -  uaenorth            UAE
uaenorth            3  uaecentral          UAE
uksouth             3  ukwest              United Kingdom
ukwest              -  uksouth             United Kingdom
westcentralus       -  westus2             United States
westeurope          3  northeurope         Europe
westindia           -  southindia          India
westus              -  eastus              United States
westus2             3  westcentralus       United States
westus3             3  eastus              United States
"""

_ROWS = {row[0]: row[1:] for row in (line.split(None, 3) for line in _TABLE.strip().splitlines())}


def has_zones(region: str) -> bool:
    """Whether a region has availability zones. Those that have them have three."""
    return _ROWS[region][0] != "-"


def paired_with(region: str) -> str | None:
    """The region to which geo-redundant copies go, Azure's choice and not ours; None: it has none.

    Not every pair is mutual: `westus3` copies to `eastus`, which copies to `westus`.
    """
    pair = _ROWS[region][1]
    return None if pair == "-" else pair


def geography(region: str) -> str:
    """The area whose border data do not leave by themselves, as `United States`."""
    return _ROWS[region][2]
