"""What is a secret, by its name or by how it looks: rather one too many than one in a system file."""

from __future__ import annotations

import re

__all__ = ["Known", "is_secret", "without_secrets"]

_NAMES = frozenset(
    {"PASSWORD", "PASSWD", "PASSPHRASE", "PASS", "PWD", "SECRET", "SECRETS", "TOKEN", "CREDENTIAL"}
    | {"CREDENTIALS", "KEY", "APIKEY", "DSN", "SALT", "PEPPER", "JWT", "PRIVATE", "CERT", "SIGNATURE", "AUTH"}
)
_ALWAYS = re.compile(
    r"(?i)(^|_)(KEY|PASSWORD|PASSWD|TOKEN|SECRET|CREDENTIALS?)$|(PASSWORD|PASSWD|SECRET|APIKEY)$"
)
"""The first half is what a system file refuses as a setting."""
_HARMLESS = re.compile(
    r"(?i)true|false|yes|no|on|off|none|null|enabled?|disabled?|[\d.]+\s*(ms|s|m|h|d|mb|kb)?"
)
_LOOKS = re.compile(
    r"://[^/@\s:]*:[^/@\s]+@|-----BEGIN|\b(sk|pk|rk)[-_][A-Za-z0-9_-]{16,}|\bgh[pousr]_[A-Za-z0-9]{20,}|"
    r"\bAKIA[A-Z0-9]{12,}|\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}|\bxox[abpr]-|"
    r"(?i:(accountkey|sharedaccesskey|sharedaccesssignature|password|pwd|sig|token|api_?key|secret)=[^;&\s]{3,})"
)


class Known:
    """Values that stand in a file as secrets, to be known again under other names.

    Words alone are passed over: who calls his password "postgres" says that of other things too.
    """

    def __init__(self) -> None:
        self._values: set[str] = set()

    def add(self, name: str, value: str) -> None:
        if (
            is_secret(name, value)
            and re.search(r"[a-zA-Z].*\d|\d.*[a-zA-Z]|.{16}", value)
            and len(value) >= 6
        ):
            self._values.add(value)

    def within(self, text: str) -> bool:
        return any(each in text for each in self._values)

    def taken_out(self, text: str) -> str:
        for each in self._values:
            text = text.replace(each, "SECRET")
        return text


def is_secret(name: str, value: str) -> bool:
    """Whether a variable must not stand in a file."""
    if _ALWAYS.search(name) or _LOOKS.search(value):
        return True
    words = re.split(r"[^A-Z0-9]+", re.sub(r"([a-z])([A-Z])", r"\1_\2", name).upper())
    return not _HARMLESS.fullmatch(value.strip()) and any(each in _NAMES for each in words)


def without_secrets(words: list[str]) -> tuple[list[str], bool]:
    """The words of a command without the secrets among them, and whether there were any."""
    out: list[str] = []
    hidden = False
    after = False
    for word in words:
        clean = re.sub(r"://[^/@\s]*:[^/@\s]+@", "://", word)
        flag = re.fullmatch(
            r"(--?[\w-]*(?:pass(?:word|wd)?|secret|token|api-?key|key))(?:=(.+))?", clean, re.IGNORECASE
        )
        if after and not word.startswith("-"):
            clean = "SECRET"
        elif flag and flag[2]:
            clean = f"{flag[1]}=SECRET"
        elif _LOOKS.search(clean):
            clean = _LOOKS.sub("SECRET", clean)
        after = bool(flag and not flag[2] and re.search(r"(?i)pass|secret|token|api-?key", flag[1]))
        hidden |= clean != word
        out.append(clean)
    return out, hidden
