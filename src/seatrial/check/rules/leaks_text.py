"""Will it leak: secrets in the text of a system file, comments included."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from seatrial.check.case import Case
from seatrial.check.rule import Found, rule

_KNOWN = re.compile(
    r"(?P<GitHub>\bgh[pousr]_[A-Za-z0-9]{36,}|\bgithub_pat_\w{22,})"
    r"|(?P<OpenAI>\bsk-(?:proj-)?[A-Za-z0-9_-]{20,})"
    r"|(?P<Stripe>\b[rs]k_live_[A-Za-z0-9]{16,})"
    r"|(?P<Slack>\bxox[abprs]-[A-Za-z0-9-]{10,}|hooks\.slack\.com/services/T\w+/B\w+/\w+)"
    r"|(?P<AWS>\bAKIA[0-9A-Z]{16}\b)"
    r"|(?P<Google>\bAIza[\w-]{35})"
    r"|(?P<GitLab>\bglpat-[\w-]{20,})"
    r"|(?P<HuggingFace>\bhf_[A-Za-z]{30,})"
    r"|(?P<Azure>(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,}={0,2}|[?&]sig=[A-Za-z0-9%]{40,})"
    r"|(?P<JWT>\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+)"
    r"|(?P<PEM>-----BEGIN [A-Z ]*PRIVATE KEY-----)"
)
"""How tokens of well-known services begin.

Source: https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
"""
_RANDOM = re.compile(r"""["']([A-Za-z0-9+/_-]{32,}={0,2})["']""")
_LEAST_BITS, _LEAST_SWITCHES, _LEAST_DIGITS = 4.0, 0.45, 2
"""In a text of 32 random letters and digits a character tells some 4.5 bits, and 62 % of neighbours are of
another kind (a letter large or small, or a digit). Words joined into names have a switch in four letters of
ten; hexadecimal digits tell 4 bits at most."""
_HEX = re.compile(r"""["']([0-9a-f]{40}|[0-9a-f]{64})["']""")
"""As keys of 20 and 32 bytes."""


@rule(
    "token-in-system-file",
    severity="error",
    family="leaks",
    title="The text of the system file holds what looks like a token or key",
    why="Who reads the repository, now or in its history, has it; once committed it must be replaced.",
    source="https://learn.microsoft.com/azure/security/fundamentals/secrets-best-practices",
    bad="""
from seatrial import System

shop = System("shop")  # deploy with ghp"""
    + """_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s
""",
    good="""
from seatrial import System

shop = System("shop")
deploy_key = shop.secret("deploy-key", needed=False)
""",
)
def token_in_system_file(case: Case) -> Iterator[Found]:
    for number, line in enumerate(case.source.splitlines(), start=1):
        if found := _KNOWN.search(line):
            kind = str(found.lastgroup)
            whose = _FORMS.get(kind, f"a token of {kind}")
            yield _found(number, found[0], whose)
        elif found := _HEX.search(line) or _random(line):
            yield _found(number, found[1], "a key: nothing but chance writes so")


_FORMS = {"JWT": "a signed token", "PEM": "a private key", "Azure": "a key of Azure"}


def _found(line: int, secret: str, whose: str) -> Found:
    return Found(
        what=f"line {line}: {secret[:4]}… looks like {whose}",
        fix='take it out, replace it where it is valid, and write system.secret("its-name")',
    )


def _random(line: str) -> re.Match[str] | None:
    """Text of 32 characters or more that no words explain."""
    return next((found for found in _RANDOM.finditer(line) if _is_random(found[1])), None)


def _is_random(text: str) -> bool:
    kinds = [each.isdigit() + 2 * each.isupper() for each in text if each.isalnum()]
    switches = sum(one != other for one, other in pairwise(kinds))
    digits = sum(each.isdigit() for each in text)
    spread = len(set(kinds)) == 3 and switches >= _LEAST_SWITCHES * len(kinds)
    return spread and digits >= _LEAST_DIGITS and _bits(text) >= _LEAST_BITS


def _bits(text: str) -> float:
    """What a character of a text tells, by Shannon."""
    shares = [count / len(text) for count in Counter(text).values()]
    return -sum(share * math.log2(share) for share in shares)
