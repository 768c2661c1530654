"""Services of one's own code: each becomes a service, a worker, a job, or the migration of a database."""

from __future__ import annotations

from seatrial.adopt.addresses import named
from seatrial.adopt.answering import answers, sized
from seatrial.adopt.commands import command_of, with_port, words_in
from seatrial.adopt.ending import ends, job, migrated, migration, restarts
from seatrial.adopt.environment import environment, secret_of, use
from seatrial.adopt.ports import port_of
from seatrial.adopt.section import leave_odd_keys, strings
from seatrial.adopt.sketch import Made
from seatrial.adopt.stack import Container, Stack
from seatrial.adopt.tree import Fields, Text
from seatrial.adopt.volumes import volumes

__all__ = ["processes"]


def processes(stack: Stack, profiles: frozenset[str]) -> None:
    """Makes every part that runs code of the system's own."""
    own = [each for each in stack.of("process") if not _left_out(each, stack, profiles)]
    migrations = {id(each): store for each in own if (store := migrated(each, stack)) is not None}
    for container in own:
        if id(container) not in migrations:
            _begin(container, stack)
    for container in own:
        if (part := container.part) is not None:
            _waits(container, part, stack)
    for container in own:
        if (store := migrations.get(id(container))) is not None:
            migration(container, store, stack)
        elif (part := container.part) is not None:
            volumes(container, part, stack)
            environment(container, part, stack)
            _addressed_by_command(container, part, stack)
            _secrets(container, part, stack)
    for container in own:
        _the_rest(container, stack)


def _left_out(container: Container, stack: Stack, profiles: frozenset[str]) -> bool:
    """Whether a profile keeps it from starting; what ends by itself is a job all the same."""
    wanted = set(strings(container.section.take("profiles")))
    if not wanted or wanted & profiles:
        return False
    if ends(container, stack) or not (port_of(container, stack) or restarts(container)):
        return False
    container.gone = f"it starts only when asked for, by the profile {', '.join(sorted(wanted))}"
    container.section.all_read()
    hint = f"import it too: --profile {min(wanted)}"
    stack.notes.left(container.path, container.section.node, container.gone, hint)
    return True


def _begin(container: Container, stack: Stack) -> None:
    """The part with its command and its size; what it uses is not known yet."""
    name = stack.names.give(container.name, otherwise="process")
    section = container.section
    if name != container.name:
        why = f'the part is called "{name}": Azure does not take "{container.name}"'
        stack.notes.changed(container.path, section.node, why)
    port = None if ends(container, stack) else port_of(container, stack)
    word = "service" if port else "job" if ends(container, stack) else "worker"
    made = Made(word=word, name=name, place=section.node.place)
    command = command_of(container, stack)
    if port:
        answers(container, made, port, stack)
        command = with_port(command, port)
    elif "{port}" in command:
        command = command.replace("{port}", "PORT")
        why = "{port} in a command is the port of a service, and this has none"
        stack.notes.left(f"{container.path}.command", section.node, why, "write another word")
    made.first = [command]
    if (
        not any(strings(section.see(key)) for key in ("command", "entrypoint"))
        and container.dockerfile is None
    ):
        made.remarks.append("guess: the command, which the image says and the Compose file does not")
    sized(container, made, stack)
    if word == "job":
        job(container, made, stack)
    else:
        restart = section.take("restart")
        if strings(restart)[:1] not in ([], ["always"], ["unless-stopped"]):
            assert restart is not None
            path = section.at("restart")
            stack.notes.left(
                path, restart, "a service or worker that ends is started again", "write job(…) for what ends"
            )
    stack.add(container, made)


# -- what it works with ----------------------------------------------------------------------------------


def _waits(container: Container, made: Made, stack: Stack) -> None:
    """What it waits for, it uses: first, so that addresses that close a circle give way to it."""
    node = container.section.see("depends_on")
    for name in container.waits:
        other = stack.containers[name]
        path = f"{container.path}.depends_on.{name}"
        assert node is not None
        if other.part is None:
            if other.gone:
                stack.notes.left(path, node, f"{name} is no part: {other.gone}")
        elif other.part.word in ("worker",):
            stack.notes.left(path, node, f"{name} answers nobody, so nobody waits for it")
        elif other.part.word not in ("job", "schedule") and other.image.role != "bus":
            use(made, other.part, stack)


def _addressed_by_command(container: Container, made: Made, stack: Stack) -> None:
    for other in named(words_in(container), stack):
        if other.part is not None and other is not container:
            at = (
                container.section.see("command")
                or container.section.see("entrypoint")
                or container.section.node
            )
            variable = f"{other.part.variable}_URL"
            if other.part.word in ("worker", "job") or not use(made, other.part, stack):
                continue
            why = f"the command names {other.name}, whose address on Azure is another: {variable}"
            stack.notes.changed(f"{container.path}.command", at, why, f"let the program read {variable}")
    if any(each.image.role == "bus" for name in container.waits if (each := stack.containers[name])):
        queues = [part for each in stack.of("bus") for part in each.parts]
        if not any(each in queues for each in made.used):
            for queue in queues:
                use(made, queue, stack)


def _secrets(container: Container, made: Made, stack: Stack) -> None:
    for path, node in container.section.items("secrets"):
        source = node.fields.get("source") if isinstance(node, Fields) else node
        leave_odd_keys(stack.notes, path, node, "source", "target")
        if isinstance(source, Text):
            part = secret_of(source.text, node, stack)
            made.use(part)
            why = f"the secret {part.name} comes as the variable {part.variable}, not as a file"
            stack.notes.changed(path, node, why, f"read {part.variable}")


def _the_rest(container: Container, stack: Stack) -> None:
    """What says no more than what is built anyway."""
    section = container.section
    section.take_usual()
    if container.dockerfile is not None and container.dockerfile.ours:
        section.take("build")
        image = strings(section.see("image"))
        if image and image[0] == f"{stack.sketch.name}/{container.name}:local":
            section.take("image")
    elif "build" in section:
        section.leave("image", ("images are called by the names of their parts", ""))
    node = section.see("networks")
    if strings(node) == ["default"]:
        section.take("networks")
