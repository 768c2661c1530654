"""What Python says when a system file fails, as a mistake with a way out."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from itertools import islice
from types import ModuleType, TracebackType
from typing import Any

import seatrial
from seatrial.cli.source import Source
from seatrial.model import Call, Mistake, Place, Service, System, Variant
from seatrial.model.mistakes import did_you_mean, nearest

__all__ = ["complaint", "lacking", "unknown_argument", "unknown_name", "unknown_word"]


def complaint(error: BaseException, source: Source, names: Mapping[str, Any]) -> Mistake:
    """The mistake behind an exception that a system file raised; `names` are those it knows so far."""
    call = _where(error.__traceback__, source)
    argument = None
    match error:
        case SyntaxError():
            return _syntax(error, source)
        case NameError() if error.name is not None:
            what, hint = unknown_name(error.name, names)
        case AttributeError() if error.name is not None:
            what, hint = unknown_word(error.obj, error.name)
        case ImportError():
            what, hint = _import(error)
        case TypeError():
            what, hint, argument = _type(str(error))
        case _:
            what, hint = f"{type(error).__name__}: {error}", "a system file only says what there is to be"
    line = source.line_of(call, (argument,)) if argument else call.line
    return Mistake(place=Place(source.shown, line), what=what, hint=hint)


_WORDS = [word for word in seatrial.__all__ if word == "System" or word.islower()]


def _where(traceback: TracebackType | None, source: Source) -> Call:
    """The last call in the system file on the way to the error."""
    call = Call(str(source.file), 0, 0, 0, 0)
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename == str(source.file):
            found = next(islice(code.co_positions(), traceback.tb_lasti // 2, None))
            line, end_line, column, end_column = (number or 0 for number in found)
            call = Call(code.co_filename, line or traceback.tb_lineno, end_line, column, end_column)
        traceback = traceback.tb_next
    return call


def _syntax(error: SyntaxError, source: Source) -> Mistake:
    text = (error.text or "").strip()
    what = f"{error.msg}: {text}" if text else error.msg
    hint = "nothing in the file was read; mend this line, or the one before it"
    return Mistake(place=Place(source.shown, error.lineno or 0), what=what, hint=hint)


def unknown_name(name: str, names: Mapping[str, Any]) -> tuple[str, str]:
    """What is told about a name that nothing has."""
    what = f"{name}: not known here"
    if name in seatrial.__all__:
        return what, f"add it to the import: from seatrial import {name}"
    mine = [each for each in names if not each.startswith("_")]
    meant = nearest(name, [*mine, *seatrial.__all__])
    return what, f'did you mean "{meant}"?' if meant else "write the line that makes it above this one"


def unknown_word(owner: object, name: str) -> tuple[str, str]:
    """What is told about a word that a value does not have."""
    if isinstance(owner, ModuleType):
        return f'{owner.__name__} has no "{name}"', did_you_mean(name, _public(owner))
    kind = type(owner).__name__
    article = "an" if kind[0] in "AEIOU" else "a"
    if not type(owner).__module__.startswith("seatrial"):
        return f'{article} {kind} has no "{name}"', "what makes a part is a method of the System"
    return f'{article} {kind} has no word "{name}"', did_you_mean(name, _public(owner))


def _import(error: ImportError) -> tuple[str, str]:
    missing = re.match(r"cannot import name '(\w+)'", str(error))
    if missing and (error.name or "").partition(".")[0] == "seatrial":
        return f'seatrial has no word "{missing[1]}"', did_you_mean(missing[1], _WORDS)
    if isinstance(error, ModuleNotFoundError) and error.name:
        hint = "a system file needs seatrial alone; what its processes need is installed with them"
        return f"{error.name}: no such module", hint
    return str(error), "import only what the module has"


def unknown_argument(function: str, name: str, known: Iterable[str]) -> tuple[str, str]:
    """What is told about an argument that a word does not take."""
    return f'{_word(function)}() has no "{name}"', did_you_mean(name, known)


def lacking(function: str, missing: Iterable[str]) -> tuple[str, str]:
    """What is told about arguments that a word cannot do without."""
    hint = "add " + ", ".join(f"{name}=…" for name in missing)
    return f"{_word(function)}() lacks {', '.join(missing)}", hint


def _word(function: str) -> str:
    return "System" if function == "__init__" else function


def _type(message: str) -> tuple[str, str, str | None]:
    """What, the way out, and the argument that is meant, of a TypeError."""
    called = re.match(r"(?:[\w<>]+\.)*(\w+)\(\) (.*)", message)
    if called is None:
        return message, "a system file only says what there is to be", None
    function, rest = _word(called[1]), called[2]
    if match := re.match(r"got an unexpected keyword argument '(\w+)'", rest):
        return *unknown_argument(function, match[1], _parameters(function)), match[1]
    if match := re.match(r"missing \d+ required .*arguments?: (.*)", rest):
        return *lacking(function, re.findall(r"'(\w+)'", match[1])), None
    if re.match(r"takes .*positional argument", rest):
        hint = f"write their names: {', '.join(f'{name}=…' for name in _parameters(function))}"
        return f"{function}() has too many arguments without a name", hint, None
    return f"{function}() {rest}", f"known: {', '.join(_parameters(function))}", None


def _parameters(function: str) -> list[str]:
    for owner in (System, Variant, Service, seatrial):
        found = getattr(owner, function, None)
        if callable(found):
            return [name for name in inspect.signature(found).parameters if name != "self"]
    return []


def _public(owner: object) -> list[str]:
    return [name for name in dir(owner) if not name.startswith("_")]
