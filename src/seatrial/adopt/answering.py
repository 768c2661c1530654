"""How a process answers, and how large it is: port, health, who reaches it; cores, memory, replicas."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.adopt import sizes
from seatrial.adopt.ports import asked, labelled_public, published
from seatrial.adopt.section import leave_odd_keys, strings
from seatrial.adopt.sketch import Made
from seatrial.adopt.stack import Container, Stack
from seatrial.adopt.tree import Fields, Items, Node

__all__ = ["answers", "sized"]

MOST_REPLICAS = 1000
"""As `seatrial.model.readers.replicas` has it."""


def answers(container: Container, made: Made, port: int, stack: Stack) -> None:
    section, notes = container.section, stack.notes
    taken = {each.args.get("port") for each in stack.sketch.parts}
    given = port
    while given < 1024 or given in taken:
        given = given + 8000 if given < 1024 else given + 1
    made.args["port"] = given
    if given != port:
        made.guesses["port"] = f"{port} in the source"
        reason = "only root may open it" if port < 1024 else "another part has it"
        hint = "let the program listen on PORT, which it is given"
        notes.changed(container.path, section.node, f"port={given} for {port}: {reason}", hint)
    _healthy(container, made, port, stack)
    made.args["replicas"] = (1, 1)
    for path, node in section.items("expose"):
        if strings(node)[:1] not in ([str(port)], [f"{port}/tcp"]):
            notes.left(path, node, "a service answers HTTP on one port")
    first = True
    for each in published(container, read=True):
        leave_odd_keys(notes, each.path, each.node, "target", "published", "host_ip", "protocol")
        if each.target == port and each.protocol == "tcp" and first:
            first = False
            made.args["public"] = True
            if each.address not in ("", "0.0.0.0", "127.0.0.1", "[::]", "::"):  # noqa: S104
                notes.left(each.path, each.node, f"{each.address}: addresses come from Azure")
            if each.outside not in ("", str(port)):
                why = f"the world reaches it by HTTPS, on 443; it was {each.outside}"
                notes.changed(each.path, each.node, why)
        elif each.target != port or each.protocol != "tcp":
            why = "a service answers HTTP on one port" if each.protocol == "tcp" else "a service answers HTTP"
            notes.left(each.path, each.node, why, "let what answers there be a service of its own")
        else:
            notes.left(each.path, each.node, "it is published once, on 443")
    if labelled_public(container) and "public" not in made.args:
        made.args["public"] = True
        labels = section.take("labels")
        assert labels is not None
        why = "public=True: the proxy that read them is Azure's own entrance"
        notes.changed(f"{container.path}.labels", labels, why, "paths and domains are words of front_door(…)")


def _healthy(container: Container, made: Made, port: int, stack: Stack) -> None:
    section, notes = container.section, stack.notes
    health = asked(container)
    check = section.section("healthcheck") if isinstance(section.see("healthcheck"), Fields) else None
    if health is not None and health[0] in (None, port):
        made.args["health"] = health[1]
        if check is not None:
            check.take("test")
    else:
        made.args["health"] = "/"
        made.guesses["health"] = "the source asks no path"
        why = 'health="/": the source asks no path by HTTP'
        notes.guessed(
            container.path, section.node, why, "name a path that answers 2xx when it is ready for work"
        )
    if check is None:
        return
    for key, usual in (("interval", 10), ("timeout", 5), ("start_interval", 1)):
        if sizes.seconds(strings(check.see(key))[0] if strings(check.see(key)) else "") == usual:
            check.take(key)
    if strings(check.see("retries")) == ["3"]:
        check.take("retries")
    patience = sizes.seconds(check.text("start_period") or "")
    if patience is not None and patience >= 1 and patience != 60:
        made.args["start_within"] = f"{min(patience, 2400):g} s"
    if strings(check.see("disable")) == ["false"]:
        check.take("disable")
    for key in ("interval", "timeout", "retries", "start_interval", "disable"):
        check.leave(key, ("Azure asks by a clock of its own: every 10 s, three times", ""))


def sized(container: Container, made: Made, stack: Stack) -> None:
    section, notes = container.section, stack.notes
    deploy = section.section("deploy")
    resources = deploy.section("resources") if deploy else None
    limits = resources.section("limits") if resources else None
    kept = resources.section("reservations") if resources else None
    cpu, room = None, None
    for source, at_cpu, at_memory in (
        (limits, "cpus", "memory"),
        (section, "cpus", "mem_limit"),
        (kept, "cpus", "memory"),
    ):
        if source is not None and (source is not kept or limits is None):
            cpu = cpu or sizes.cores(source.text(at_cpu) or "")
            room = room or sizes.size(source.text(at_memory) or "")
    if kept is not None:
        made.args.update(_gpus(kept.take("devices")))
    if section.text("gpus"):
        made.args["gpus"] = 1
    if room is None:
        room = sizes.size(section.text("mem_reservation") or "")
    largest = (24, 220) if "gpus" in made.args else (4, 8)
    if (cpu or 0) > largest[0] or (room or 0) > largest[1] * 2**30:
        why = f"at most {largest[0]} cores and {largest[1]} GiB: Container Apps have no more"
        notes.changed(container.path, section.node, why, "for more write host= with a node_pool(…)")
        cpu, room = cpu and min(cpu, largest[0]), room and min(room, largest[1] * 2**30)
    made.args["cpu"] = cpu or 0.5
    made.args["memory"] = sizes.memory(room or 2**30)
    missing = [name for name, found in (("cpu", cpu), ("memory", room)) if found is None]
    made.guesses |= dict.fromkeys(missing, "no limit is set")
    if missing:
        both = " and ".join(f"{name}={made.args[name]!r}".replace("'", '"') for name in missing)
        notes.guessed(container.path, section.node, f"{both}: no limit is set", "measure what it needs")
    replicas = sizes.number(deploy.text("replicas") if deploy else None) or sizes.number(
        section.text("scale")
    )
    if replicas and replicas > MOST_REPLICAS:
        why = f"{MOST_REPLICAS} replicas for {replicas}: Container Apps have no more"
        notes.changed(container.path, section.node, why, "for more write host= with a node_pool(…)")
        replicas = MOST_REPLICAS
    if replicas and replicas > 1 and made.word != "job":
        made.args["replicas"] = (replicas, replicas)


def _gpus(node: Node | None) -> Iterator[tuple[str, int]]:
    for each in node.items if isinstance(node, Items) else ():
        if isinstance(each, Fields) and "gpu" in strings(each.fields.get("capabilities")):
            yield "gpus", 1
