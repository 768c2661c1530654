"""What each region of Azure has: zones, the region it is paired with, and whose law it is under.

Source: https://learn.microsoft.com/azure/reliability/regions-list (page of 2025-09-23); the two regions of
Jio, which that page no longer names, by https://learn.microsoft.com/azure/reliability/cross-region-replication-azure;
Sweden South, which it names as a pair alone, is taken to have no zones.
A service may lack zones in a region that has them.
"""

from __future__ import annotations

import re

__all__ = ["called", "geography", "has_zones", "in_zones", "is_region", "paired_with"]

_TABLE = """
Australia Central     -  australiacentral2   Australia
Australia Central 2   -  australiacentral    Australia
Australia East        3  australiasoutheast  Australia
Australia Southeast   -  australiaeast       Australia
Austria East          3  -                   Austria
Belgium Central       3  -                   Belgium
Brazil South          3  southcentralus      Brazil
Brazil Southeast      -  brazilsouth         Brazil
Canada Central        3  canadaeast          Canada
Canada East           -  canadacentral       Canada
Central India         3  southindia          India
Central US            3  eastus2             United States
Chile Central         3  -                   Chile
Denmark East          3  -                   Denmark
East Asia             3  southeastasia       Asia Pacific
East US               3  westus              United States
East US 2             3  centralus           United States
France Central        3  francesouth         France
France South          -  francecentral       France
Germany North         -  germanywestcentral  Germany
Germany West Central  3  germanynorth        Germany
Indonesia Central     3  -                   Indonesia
Israel Central        3  -                   Israel
Italy North           3  -                   Italy
Japan East            3  japanwest           Japan
Japan West            3  japaneast           Japan
Jio India Central     -  jioindiawest        India
Jio India West        -  jioindiacentral     India
Korea Central         3  koreasouth          Korea
Korea South           -  koreacentral        Korea
Malaysia West         3  -                   Malaysia
Mexico Central        3  -                   Mexico
New Zealand North     3  -                   New Zealand
North Central US      -  southcentralus      United States
North Europe          3  westeurope          Europe
Norway East           3  norwaywest          Norway
Norway West           -  norwayeast          Norway
Poland Central        3  -                   Poland
Qatar Central         3  -                   Qatar
South Africa North    3  southafricawest     South Africa
South Africa West     -  southafricanorth    South Africa
South Central US      3  northcentralus      United States
Southeast Asia        3  eastasia            Asia Pacific
South India           -  centralindia        India
Spain Central         3  -                   Spain
Sweden Central        3  swedensouth         Sweden
Sweden South          -  swedencentral       Sweden
Switzerland North     3  switzerlandwest     Switzerland
Switzerland West      -  switzerlandnorth    Switzerland
UAE Central           -  uaenorth            UAE
UAE North             3  uaecentral          UAE
UK South              3  ukwest              United Kingdom
UK West               -  uksouth             United Kingdom
West Central US       -  westus2             United States
West Europe           3  northeurope         Europe
West India            -  southindia          India
West US               -  eastus              United States
West US 2             3  westcentralus       United States
West US 3             3  eastus              United States
"""

_ROWS = {
    called.replace(" ", "").lower(): (called, zones, pair, area)
    for called, zones, pair, area in (re.split(r"  +", line) for line in _TABLE.strip().splitlines())
}


def called(region: str) -> str:
    """The name of a region for people: `East US 2`."""
    return _ROWS[region][0]


def is_region(name: str) -> bool:
    """Whether a programmatic name, `eastus2`, is that of a region in the table."""
    return name in _ROWS


def in_zones(region: str) -> dict[str, list[str]]:
    """What a resource says that stands in all zones of its region; nothing, where there are none."""
    return {"zones": ["1", "2", "3"]} if has_zones(region) else {}


def has_zones(region: str) -> bool:
    """Whether a region has availability zones. Those that have them have three."""
    return _ROWS[region][1] != "-"


def paired_with(region: str) -> str | None:
    """The region to which geo-redundant copies go, Azure's choice and not ours; None: it has none.

    Not every pair is mutual: `westus3` copies to `eastus`, which copies to `westus`.
    """
    pair = _ROWS[region][2]
    return None if pair == "-" else pair


def geography(region: str) -> str:
    """The area whose border data do not leave by themselves, as `United States`."""
    return _ROWS[region][3]
