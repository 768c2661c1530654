"""What is read of every service that becomes a part of Azure's own."""

from __future__ import annotations

from seatrial.adopt.section import Section, leave_odd_keys, strings
from seatrial.adopt.sketch import Made
from seatrial.adopt.stack import Container, Stack
from seatrial.adopt.tree import Fields, Text

__all__ = ["OWN", "limits_of", "named", "read_as_store"]

OWN = (
    "the store is one of Azure's own, set up by what the system file says of it",
    "see whether its part has a word for that",
)
_INSIDE = "it is reached by the system's own processes only"


def named(container: Container, stack: Stack, word: str, shortest: int = 2, short: str = "") -> Made:
    """A part by the service's name; one that is too short for Azure gets a longer one."""
    wanted = short if len(container.name) < shortest else container.name
    name = stack.names.give(wanted, shortest=shortest, otherwise=f"{word}-store")
    if name != container.name:
        why = f'the part is called "{name}": Azure does not take "{container.name}"'
        stack.notes.changed(container.path, container.section.node, why)
    return Made(word=word, name=name, place=container.section.node.place)


def limits_of(section: Section) -> Section | None:
    deploy = section.section("deploy")
    resources = deploy.section("resources") if deploy else None
    if resources is None:
        return None
    limits = resources.section("limits")
    if "reservations" in resources and limits is None:
        limits = resources.section("reservations")
    return limits


def read_as_store(container: Container, stack: Stack) -> None:
    """Reads what a store of Azure has by itself, and tells what it cannot have."""
    section = container.section
    section.take_usual()
    for key in ("healthcheck", "restart", "secrets", "expose"):
        section.take(key)
    for path, node in section.items("ports"):
        stack.notes.left(path, node, _INSIDE, "to look into it, come by Bastion: network(…, bastion=True)")
    for path, node in section.items("volumes"):
        text = node.text if isinstance(node, Text) else ""
        source = text.partition(":")[0] if isinstance(node, Text) else ""
        if isinstance(node, Fields):
            leave_odd_keys(
                stack.notes, path, node, "type", "source", "src", "target", "dst", "destination", "read_only"
            )
            source = next(iter(strings(node.fields.get("source"))), "")
            text = f"{source}:{next(iter(strings(node.fields.get('target'))), '')}"
        if "initdb" in text or text.partition(":")[0].endswith((".sql", ".sh", ".conf", ".json")):
            why = "files that set the store up are not carried"
            stack.notes.left(
                path, node, why, 'bring the schema up by migrate="…", or by a job that runs once'
            )
        elif source.startswith((".", "/", "~")):
            why = "Azure keeps the data; what is in the folder is not moved"
            stack.notes.changed(path, node, why, "move it by hand once the system stands")
    for path, node in section.items("configs"):
        if container.image.role != "bus":
            stack.notes.left(path, node, *OWN)
    for path, node in section.items("env_file"):
        stack.notes.left(path, node, "settings of the store's own program; no password enters a system file")
    for key in ("command", "entrypoint"):
        section.leave(key, OWN)
    environment = section.section("environment")
    fixed = (
        {"PROTOCOL", "ENABLE_EXPLORER", "ENABLE_TELEMETRY"} if container.image.role == "documents" else set()
    )
    if container.image.role == "bus":
        fixed = {"ACCEPT_EULA", "SQL_SERVER", "MSSQL_SA_PASSWORD", "SQL_WAIT_INTERVAL"}
    if container.image.role not in ("postgres", "temporal"):
        for name, node in environment.pairs() if environment else ():
            if name not in fixed:
                stack.notes.left(f"{section.path}.environment.{name}", node, *OWN)
    if container.image.role not in ("postgres", "cache", "temporal") and (limits := limits_of(section)):
        limits.all_read()
