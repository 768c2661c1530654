"""Documentation of what the interpreter brings in C: it has no source to read, so a child process asks it.

Run as a program it prints one JSON object a line, `{"name": …, "module": …, "text": …}`, for the modules
below. Only the standard library is imported, in isolated mode (`-I`): no package and no file of the user
runs.
"""

from __future__ import annotations

import importlib
import inspect
import json
import subprocess
import sys
import warnings
from collections.abc import Iterator
from types import FunctionType

__all__ = ["native_documentation"]

TIME_LIMIT_SECONDS = 60

MODULES = (
    "array atexit binascii bisect builtins bz2 cmath codecs collections contextvars csv ctypes datetime",
    "decimal errno faulthandler fcntl functools gc grp hashlib heapq hmac io itertools json locale lzma",
    "marshal math mmap operator os pickle pwd random re readline resource select signal socket sqlite3 ssl",
    "struct sys syslog termios threading time tracemalloc types unicodedata warnings weakref zlib",
)
_NATIVE = (type(len), type(str.join), type(dict.__dict__["fromkeys"]), type(str.__add__))


def native_documentation() -> Iterator[tuple[str, str, str]]:
    """Module, name below it (empty for the module) and text, always in the same order.

    Raises:
        RuntimeError: the child failed or took longer than a minute; the message says how.
    """
    try:
        child = subprocess.run(
            [sys.executable, "-I", __file__],
            capture_output=True,
            timeout=TIME_LIMIT_SECONDS,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.CalledProcessError as exc:
        raise RuntimeError(
            f"exit code {exc.returncode}: {exc.stderr[-300:].decode(errors='replace')}"
        ) from exc
    except subprocess.TimeoutExpired as exc:
        raise RuntimeError(f"no answer within {TIME_LIMIT_SECONDS} s") from exc
    for line in child.stdout.splitlines():
        found = json.loads(line)
        yield found["module"], found["name"], found["text"]


def _describe(module_name: str) -> Iterator[tuple[str, str]]:
    try:
        module = importlib.import_module(module_name)
    except ImportError:
        return  # not on this platform
    if not getattr(module, "__file__", "").endswith(".py") and module.__doc__:
        yield "", module.__doc__
    for name, thing in sorted(vars(module).items()):
        if name.startswith("_"):
            continue
        if isinstance(thing, type) and not _has_source(thing):
            yield name, _text(thing)
            for part, member in sorted(vars(thing).items()):
                if not part.startswith("_") and isinstance(member, _NATIVE):
                    yield f"{name}.{part}", _text(member)
        elif isinstance(thing, _NATIVE):
            yield name, _text(thing)


def _text(thing: object) -> str:
    text = thing.__doc__
    return text if isinstance(text, str) else ""


def _has_source(cls: type) -> bool:
    """Whether a `class` statement made it; such classes are read from their source."""
    return type(cls) is not type or any(isinstance(member, FunctionType) for member in vars(cls).values())


def _main() -> None:
    warnings.simplefilter("ignore")
    for module in " ".join(MODULES).split():
        for name, text in _describe(module):
            line = {"module": module, "name": name, "text": inspect.cleandoc(text)}
            print(json.dumps(line))


if __name__ == "__main__":
    _main()
