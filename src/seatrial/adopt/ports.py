"""On which port a service answers, and whether the world reaches it.

Source: https://docs.docker.com/reference/compose-file/services/#ports
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.adopt.configured import configuration
from seatrial.adopt.sizes import number
from seatrial.adopt.stack import Container, Stack
from seatrial.adopt.tree import Fields, Items, Node, Text
from seatrial.model.value import Value

__all__ = ["Published", "asked", "labelled_public", "port_of", "published"]

_URL = r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|\$HOSTNAME|%s)(?::(\d+))?(/[^\s'\"|;)]*)?"


class Published(Value):
    """One entry of `ports`."""

    path: str
    node: Node
    target: int | None
    outside: str
    """The port of the machine; empty: none is said."""
    address: str
    protocol: str


def published(container: Container, *, read: bool = False) -> Iterator[Published]:
    """Every port that a service publishes."""
    section = container.section
    if read:
        section.take("ports")
    node = section.see("ports")
    for index, each in enumerate(node.items if isinstance(node, Items) else ()):
        path = f"{container.path}.ports[{index}]"
        if isinstance(each, Fields):
            said = {key: value.text for key, value in each.fields.items() if isinstance(value, Text)}
            yield Published(
                path=path,
                node=each,
                target=number(said.get("target")),
                outside=said.get("published", ""),
                address=said.get("host_ip", ""),
                protocol=said.get("protocol", "tcp"),
            )
        elif isinstance(each, Text):
            bare, _, protocol = each.text.partition("/")
            found = re.fullmatch(r"(?:(\[[^\]]*\]|[^:]*):)?(?:([\d-]*):)?(\d+)(?:-\d+)?", bare)
            first, outside = (found[1] or "", found[2] or "") if found else ("", "")
            if found and found[2] is None and re.fullmatch(r"[\d-]+", first):
                first, outside = "", first
            target = number(found[3]) if found else None
            yield Published(
                path=path,
                node=each,
                target=target,
                outside=outside,
                address=first,
                protocol=protocol or "tcp",
            )


def asked(container: Container) -> tuple[int | None, str] | None:
    """The port and the path that a health check asks by HTTP. None: none, or not by HTTP."""
    check = container.section.see("healthcheck")
    test = check.fields.get("test") if isinstance(check, Fields) else None
    text = (
        " ".join(each.text for each in test.items if isinstance(each, Text))
        if isinstance(test, Items)
        else ""
    )
    if isinstance(test, Text):
        text = test.text
    if not text and container.dockerfile is not None and "command" not in container.section:
        text = container.dockerfile.health
    found = re.search(_URL % re.escape(container.name), text)
    return (number(found[1]), re.split(r"[?#]", found[2] or "/")[0] or "/") if found else None


def port_of(container: Container, stack: Stack) -> int | None:
    """The port on which a process answers HTTP. None: it answers nobody."""
    found = _port_of(container, stack)
    return found if found is not None and 0 < found < 65536 else None


def _port_of(container: Container, stack: Stack) -> int | None:
    section = container.section
    tcp = [each.target for each in published(container) if each.target and each.protocol == "tcp"]
    health = asked(container)
    if health is not None and health[0] is not None and (not tcp or health[0] in tcp):
        return health[0]
    if tcp:
        return tcp[0]
    expose = section.see("expose")
    for each in expose.items if isinstance(expose, Items) else ():
        if isinstance(each, Text) and (found := re.match(r"\d+", each.text)):
            return int(found[0])
    for name, value in _labels(container):
        if re.fullmatch(r"traefik\.http\.services\..*\.loadbalancer\.server\.port", name) and number(value):
            return number(value)
    if (said := _by_others(container, stack)) is not None:
        return said
    if container.dockerfile is not None and container.dockerfile.ports and "command" not in section:
        return container.dockerfile.ports[0]
    return 80 if health is not None else None


def _by_others(container: Container, stack: Stack) -> int | None:
    """The port by which others call it: `http://api:8000` in their environment."""
    for other in stack.containers.values():
        environment = other.section.see("environment") if other is not container else None
        values: list[Node] = []
        if isinstance(environment, Fields):
            values = list(environment.fields.values())
        elif isinstance(environment, Items):
            values = list(environment.items)
        texts = [value.text for value in values if isinstance(value, Text)]
        if other.image.role == "front":
            texts.append(configuration(other, stack))
        for text in texts:
            for host in container.hosts:
                called = rf"(?<![\w.-])(https?://)?{re.escape(host)}(?::(\d{{2,5}}))?(?![\w.-])"
                for found in re.finditer(called, text):
                    if found[1] or found[2]:
                        return int(found[2] or 80)
    return None


def labelled_public(container: Container) -> bool:
    """Whether Traefik or Caddy is told to lead to it."""
    return any(
        (name == "traefik.enable" and value.lower() == "true")
        or re.fullmatch(r"traefik\.http\.routers\..*\.rule|caddy|caddy\.reverse_proxy", name)
        for name, value in _labels(container)
    )


def _labels(container: Container) -> Iterator[tuple[str, str]]:
    node = container.section.see("labels")
    if isinstance(node, Fields):
        yield from ((name, each.text) for name, each in node.fields.items() if isinstance(each, Text))
    for each in node.items if isinstance(node, Items) else ():
        if isinstance(each, Text):
            name, _, value = each.text.partition("=")
            yield name, value
