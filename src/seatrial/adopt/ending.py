"""Services that are made to end: jobs, and the migrations of databases."""

from __future__ import annotations

import re

from seatrial.adopt import sizes
from seatrial.adopt.addresses import addresses
from seatrial.adopt.commands import command_of, words_in
from seatrial.adopt.dockerfile import command_line
from seatrial.adopt.ports import asked, published
from seatrial.adopt.secrecy import is_secret
from seatrial.adopt.section import strings
from seatrial.adopt.sketch import Made
from seatrial.adopt.stack import Container, Stack
from seatrial.adopt.tree import Fields, Text

__all__ = ["ends", "job", "migrated", "migration", "restarts"]

_MIGRATES = re.compile(
    r"(?i)(^|[^a-z])(migrat\w*|alembic|flyway|liquibase|db-?init|init-?db|schema)([^a-z]|$)"
)


def restarts(container: Container) -> bool:
    restart = strings(container.section.see("restart"))
    return bool(restart) and restart[0] in ("always", "unless-stopped", "on-failure")


def ends(container: Container, stack: Stack) -> bool:
    """Whether it is made to end: it says so, or others wait until it has."""
    restart = strings(container.section.see("restart"))
    if any(
        each.waits[container.name] == "service_completed_successfully" for each in stack.waiters(container)
    ):
        return True
    if any(published(container)):
        return False
    if "profiles" in container.section and not (restarts(container) or asked(container)):
        return True
    deploy = container.section.see("deploy")
    policy = deploy.fields.get("restart_policy") if isinstance(deploy, Fields) else None
    if isinstance(policy, Fields) and strings(policy.fields.get("condition")) == ["none"]:
        return True
    return bool(restart) and (restart[0] == "no" or restart[0].startswith("on-failure:"))


def migrated(container: Container, stack: Stack) -> Made | None:
    """The one database whose schema it brings up to date, before others start."""
    if not ends(container, stack) or not stack.waiters(container):
        return None
    words = f"{container.name} {' '.join(words_in(container))}"
    used = [stack.containers[name] for name in container.waits]
    databases = [each.part for each in used if each.part is not None and each.part.word == "postgres"]
    only = len(databases) == 1 and "migrate" not in databases[0].args
    return databases[0] if only and _MIGRATES.search(words) else None


def migration(container: Container, store: Made, stack: Stack) -> None:
    """It runs with the address of its database and nothing else."""
    section, notes = container.section, stack.notes
    section.take("restart")
    store.args["migrate"] = _with_settings(command_of(container, stack), container, store, stack)
    if container.name != f"{store.name}-migrate":
        why = f"migrate= of {store.name}, run before anything that uses it"
        notes.changed(container.path, section.node, why)
    for key in ("volumes", "secrets", "env_file"):
        section.leave(key, ("a migration is told the address of its database, and nothing else", ""))
    deploy = section.section("deploy")
    limits = deploy.section("resources") if deploy else None
    if limits is not None and (own := limits.section("limits")) is not None:
        same = (own.text("cpus"), sizes.size(own.text("memory") or "0")) == ("0.5", 2**30)
        if not same:
            notes.left(own.path, own.node, "a migration has half a core and 1 GiB")


def _with_settings(command: str, container: Container, store: Made, stack: Stack) -> str:
    """The command with its settings before it: a migration is told the address of its database alone."""
    given = container.section.section("environment")
    settings: list[str] = []
    for name, node in given.pairs() if given else ():
        path = f"{container.path}.environment.{name}"
        text = node.text if isinstance(node, Text) else ""
        if name == f"{store.variable}_URL":
            if ":" in text.partition("://")[2].partition("@")[0]:
                stack.notes.changed(path, node, "without user and password")
        elif (
            is_secret(name, text)
            or stack.secrets.within(text)
            or addresses(name, text, stack)
            or not re.fullmatch(r"[A-Za-z_]\w*", name)
        ):
            if not name.endswith("PGPASSWORD"):
                why = f"a migration is told {store.variable}_URL, and no other address and no secret"
                stack.notes.left(path, node, why, f"let it do with {store.variable}_URL")
        else:
            settings.append(f"{name}={text}")
    return command_line(["env", *settings]) + f" {command}" if settings else command


def job(container: Container, made: Made, stack: Stack) -> None:
    restart = (strings(container.section.take("restart")) or ["no"])[0]
    retries = sizes.number(restart.partition(":")[2])
    if retries:
        made.args["retries"] = min(retries, 100)
    profiled = "profiles" in container.section
    if not profiled:
        made.args["runs"] = "every start"
    for other in stack.waiters(container):
        if other.waits[container.name] == "service_completed_successfully":
            node = other.section.see("depends_on")
            assert node is not None
            path = f"{other.path}.depends_on.{container.name}"
            why = f"nothing waits for a job to end: {made.name} runs at every start, beside the others"
            hint = "a schema belongs into migrate= of its database; else let the process wait by itself"
            stack.notes.left(path, node, why, hint)
