"""The command of a process: one line without a shell, without a secret, with its port in place."""

from __future__ import annotations

import re

from seatrial.adopt.dockerfile import command_line, words_of
from seatrial.adopt.secrecy import without_secrets
from seatrial.adopt.section import strings
from seatrial.adopt.stack import Container, Stack
from seatrial.adopt.tree import Node, Text
from seatrial.model import readers
from seatrial.model.mistakes import Wrong

__all__ = ["command_of", "with_port", "words_in"]


def words_in(container: Container) -> list[str]:
    section, image = container.section, container.dockerfile
    entrypoint, command = section.see("entrypoint"), section.see("command")
    first = _as_words(entrypoint) if entrypoint is not None else list(image.entrypoint if image else ())
    if command is not None:
        last = _as_words(command)
    else:
        last = list(image.command) if image and entrypoint is None else []
    return first + last


def _as_words(node: Node) -> list[str]:
    return words_of(node.text) if isinstance(node, Text) else strings(node)


def command_of(container: Container, stack: Stack) -> str:
    section, notes = container.section, stack.notes
    words = words_in(container)
    at = section.see("command") or section.see("entrypoint") or section.node
    section.take("command")
    section.take("entrypoint")
    if not words:
        name = re.sub(r"[^\w.-]", "", container.image.name.rpartition("/")[2] or container.name) or "serve"
        hint = "write the command that starts it; docker image inspect tells that of an image"
        notes.guessed(f"{container.path}.command", at, f'the command "{name}": the source says none', hint)
        return name
    words, hidden = without_secrets(words)
    hidden |= any(stack.secrets.within(each) for each in words)
    words = [stack.secrets.taken_out(each) for each in words]
    if hidden:
        why = "a secret in the command is not carried: SECRET stands for the value of an option"
        notes.left(f"{container.path}.command", at, why, "let the program read it from its environment")
    line = command_line(words)
    try:
        return readers.command(line)
    except Wrong:
        return command_line(["sh", "-c", line])


def with_port(command: str, port: int) -> str:
    """`{port}` where the command says its port: the same program then answers wherever there is room."""
    if "'" in command or '"' in command:  # a script, whose words are not ours
        return command
    return re.sub(rf"(:|--?[\w-]*(?:port|bind|listen)[ =]|-p[ =]){port}(?=$|\s)", r"\g<1>{port}", command)
