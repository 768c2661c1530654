"""Names that hold everywhere: as an Azure resource, a host name, a variable of the environment.

One rule for every part, the narrowest of those that Azure has, so that a part may change what hosts it and
keep its name:

* Container Apps and their jobs: at most 32 characters, lower case letters, digits and hyphens; starts with
  a letter, ends with a letter or digit, no two hyphens in a row. Source:
  https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftapp
* PostgreSQL servers: 3 to 63 characters (ARM schema Microsoft.DBforPostgreSQL, 2025-08-01)
* blob containers: 3 to 63 characters, hyphens singly (ARM schema Microsoft.Storage, 2025-08-01)
* Key Vault secrets: letters, digits and hyphens, at most 127 (ARM schema Microsoft.KeyVault, 2025-05-01)
* Azure Managed Redis: at most 60 (ARM schema Microsoft.Cache, 2025-07-01)
* reserved words: https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-reserved-resource-name

A system's name is a prefix of names that are taken worldwide and end at 24 characters (storage accounts and
key vaults, same schemas): at most 16 leaves room for what makes them unique.
"""

from __future__ import annotations

import re

from seatrial.model.mistakes import Wrong, show

__all__ = ["RESERVED_VARIABLES", "check_name", "is_reserved_variable"]

LONGEST_PART = 32
LONGEST_SYSTEM = 16
RESERVED_WORDS = ("microsoft", "windows")
RESERVED_STARTS = ("login", "xbox")

RESERVED_VARIABLES = ("HOME", "HOST", "PATH", "PGPASSFILE", "PORT")
"""Set by whoever starts a process; besides these, everything that starts with SEATRIAL_."""


def is_reserved_variable(name: str) -> bool:
    return name in RESERVED_VARIABLES or name.startswith("SEATRIAL_")


def check_name(name: object, *, shortest: int = 2, longest: int = LONGEST_PART) -> str:
    """The name, if it holds everywhere. Raises Wrong with the nearest name that would."""
    if not isinstance(name, str):
        raise Wrong("a name is text", 'write it in quotes: "papers"')
    if wrong := _misspelt(name, longest):
        better = _mended(name, longest)
        raise Wrong(
            wrong, f"call it {show(better)}" if len(better) >= shortest else "call it by what it does"
        )
    if len(name) < shortest:
        raise Wrong(f"too short: Azure wants at least {shortest} characters", "call it by what it does")
    word = next((word for word in RESERVED_WORDS if word in name), None)
    word = word or next((word for word in RESERVED_STARTS if name.startswith(word)), None)
    if word is not None:
        raise Wrong(f'Azure reserves the word "{word}"', "choose another name")
    return name


def _misspelt(name: str, longest: int) -> str | None:
    if not name:
        return "a name must not be empty"
    if not re.fullmatch(r"[a-z0-9-]*", name):
        return "a name has lower case letters, digits and hyphens only"
    if not name[0].isalpha():
        return "a name starts with a letter"
    if name.endswith("-") or "--" in name:
        return "a hyphen stands between letters or digits, and alone"
    return f"{len(name)} characters; Azure has room for {longest}" if len(name) > longest else None


def _mended(name: str, longest: int) -> str:
    hyphens = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name) if not name.isupper() else name
    plain = re.sub(r"[^a-z0-9]+", "-", hyphens.lower())
    return re.sub(r"^[^a-z]+", "", plain)[:longest].strip("-")
