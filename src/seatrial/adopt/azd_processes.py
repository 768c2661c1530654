"""What runs in a project of azd: container apps, jobs, web apps, static pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from seatrial.adopt import sizes
from seatrial.adopt.arm import UNKNOWN, Resource
from seatrial.adopt.azd_environment import environment_of, secret, setting
from seatrial.adopt.azd_parts import Azd, Service
from seatrial.adopt.dockerfile import command_line, words_of
from seatrial.adopt.environment import use_in, variables_of
from seatrial.adopt.secrecy import without_secrets
from seatrial.adopt.section import Section, strings
from seatrial.adopt.sketch import Made, Rule
from seatrial.adopt.tree import Fields, Items, Text
from seatrial.model import Place

__all__ = ["add_processes"]


def add_processes(azd: Azd) -> None:
    """Every process of the template, then those that only azure.yaml knows."""
    told: list[tuple[Resource, Made, Any]] = []
    for each in azd.resources:
        if each.type in ("Microsoft.App/containerApps", "Microsoft.App/jobs"):
            template = each.get("properties.template")
            containers = template.get("containers") if isinstance(template, Mapping) else None
            first = containers[0] if isinstance(containers, list) and containers else {}
            first = first if isinstance(first, Mapping) else {}
            if (made := _contained(azd, each, first)) is not None:
                told.append((each, made, first.get("env")))
        elif each.type == "Microsoft.Web/sites":
            if (made := _web(azd, each)) is not None:
                told.append((each, made, each.get("properties.siteConfig.appSettings")))
        elif each.type == "Microsoft.Web/staticSites":
            _static(azd, each)
    for at, made, env in told:
        environment_of(azd, at, made, env)
    for name, own in azd.waiting:
        _composed(azd, name, own)
    for service in azd.services.values():
        if service.part is None:
            _alone(azd, service)
        else:
            for used in service.uses:
                _use(azd, service.part, used, service.section)
    _rest(azd)


def _rest(azd: Azd) -> None:
    for service in azd.services.values():
        given = service.env
        for name, node in given.pairs() if given else ():
            if service.part is not None and isinstance(node, Text):
                setting(azd, service.part, name, node.text, f"{service.section.path}.env.{name}", node)


def _service_of(azd: Azd, at: Resource) -> Service | None:
    tags = at.body.get("tags")
    tagged = tags.get("azd-service-name") if isinstance(tags, Mapping) else None
    for service in azd.services.values():
        if tagged == service.name or at.name in (service.resource or service.name, service.name):
            return service
    return None


def _contained(azd: Azd, at: Resource, container: Mapping[str, Any]) -> Made | None:
    service = _service_of(azd, at)
    wanted = service.name if service else at.name
    command = _command(azd, at, container, wanted)
    if wanted.endswith("-migrate"):
        store = next((each for each in azd.sketch.parts if f"{each.name}-migrate" == wanted), None)
        if store is not None and store.word == "postgres":
            store.args["migrate"] = command
            return None
    ingress = at.get("properties.configuration.ingress")
    port = ingress.get("targetPort") if isinstance(ingress, Mapping) else None
    trigger = str(at.get("properties.configuration.triggerType") or "")
    word = "service" if isinstance(ingress, Mapping) else "worker"
    if at.type.endswith("/jobs"):
        word = {"Schedule": "schedule", "Event": "worker"}.get(trigger, "job")
    name = azd.names.give(wanted.replace(UNKNOWN, ""), otherwise="app")
    made = Made(word=word, name=name, place=at.place, first=[command])
    if word == "service":
        _answers(azd, at, made, port if isinstance(port, int) else None, _health(container))
        if isinstance(ingress, Mapping) and ingress.get("external") is True:
            made.args["public"] = True
    if word in ("job", "schedule"):
        _ends(at, made)
    _sized(azd, at, made, container.get("resources"))
    if word in ("service", "worker"):
        _scaled(azd, at, made)
    _uncarried(azd, at)
    return _done(azd, at, made, service)


_UNCARRIED = {
    "template.volumes": ("processes have no folders of their own", "keep what is kept in blobs"),
    "template.initContainers": ("a process is one container", "let a job do it, or migrate="),
    "configuration.dapr": ("no word for Dapr", "use the libraries of what stands behind it"),
    "configuration.ingress.customDomains": (
        "names of one's own are words of an edge",
        "write front_door(…, domain=)",
    ),
    "configuration.ingress.ipSecurityRestrictions": (
        "who may come in is said by an edge",
        "write front_door(…, waf=)",
    ),
    "configuration.ingress.additionalPortMappings": ("a service answers HTTP on one port", ""),
    "configuration.ingress.corsPolicy": ("the service answers for itself", "let it send the headers"),
}


def _uncarried(azd: Azd, at: Resource) -> None:
    for path, (why, hint) in _UNCARRIED.items():
        if at.get(f"properties.{path}"):
            azd.notes.left(f"{at.path}.{path}", at.place, why, hint)
    containers = at.get("properties.template.containers")
    if isinstance(containers, list) and len(containers) > 1:
        why = f"a process is one container; {len(containers) - 1} beside the first are not carried"
        azd.notes.left(f"{at.path}.template.containers", at.place, why, "write a service or worker for each")


def _done(azd: Azd, at: Resource, made: Made, service: Service | None) -> Made:
    azd.sketch.parts.append(made)
    azd.made.append((at, made))
    if service is not None:
        service.part = made
    return made


def _command(azd: Azd, at: Resource, container: Mapping[str, Any], wanted: str) -> str:
    words = [
        each
        for key in ("command", "args")
        for each in container.get(key) or ()
        if isinstance(each, str) and UNKNOWN not in each
    ]
    if not words:
        hint = "write the command that starts it"
        azd.notes.guessed(at.path, at.place, f'the command "{wanted}": the template says none', hint)
        return re.sub(r"[^\w.-]", "", wanted) or "app"
    words, hidden = without_secrets(words)
    if hidden:
        azd.notes.left(
            f"{at.path}.command", at.place, "a secret in the command is not carried", "read it from env"
        )
    return command_line(words)


def _health(container: Mapping[str, Any]) -> str | None:
    probes = [each for each in container.get("probes") or () if isinstance(each, Mapping)]
    for kind in ("readiness", "startup", "liveness"):
        for each in probes:
            asked = each.get("httpGet")
            if str(each.get("type")).lower() == kind and isinstance(asked, Mapping):
                path = asked.get("path")
                return path if isinstance(path, str) and path.startswith("/") else "/"
    return None


def _answers(azd: Azd, at: Resource, made: Made, port: int | None, health: str | None) -> None:
    taken = {each.args.get("port") for each in azd.sketch.parts}
    given = port or 8000
    while given < 1024 or given in taken:
        given = given + 8000 if given < 1024 else given + 1
    made.args["port"] = given
    if given != port:
        made.guesses["port"] = f"{port} in the template" if port else "the template says none"
        hint = "let the program listen on PORT, which it is given"
        azd.notes.changed(at.path, at.place, f"port={given} for {port or 'none that is known'}", hint)
    made.args["health"] = health or "/"
    if health is None:
        made.guesses["health"] = "the template asks no path"
        azd.notes.guessed(
            at.path, at.place, 'health="/": the template asks no path', "name one that answers 2xx"
        )


def _ends(at: Resource, made: Made) -> None:
    configuration = at.get("properties.configuration")
    said = configuration if isinstance(configuration, Mapping) else {}
    if made.word == "schedule":
        trigger = said.get("scheduleTriggerConfig")
        made.args["cron"] = (
            trigger.get("cronExpression") if isinstance(trigger, Mapping) else None
        ) or "0 0 * * *"
    if isinstance(limit := said.get("replicaTimeout"), int) and limit != 3600:
        step = next((unit, size) for unit, size in (("h", 3600), ("min", 60), ("s", 1)) if limit % size == 0)
        made.args["time_limit"] = f"{limit // step[1]} {step[0]}"
    if isinstance(retries := said.get("replicaRetryLimit"), int) and retries:
        made.args["retries"] = retries


def _sized(azd: Azd, at: Resource, made: Made, said: Any) -> None:
    said = said if isinstance(said, Mapping) else {}
    cpu, room = said.get("cpu"), sizes.size(str(said.get("memory") or ""))
    made.args["cpu"] = float(cpu) if isinstance(cpu, int | float) else sizes.cores(str(cpu or "")) or 0.5
    made.args["memory"] = sizes.memory(room or 2**30)
    for key, found in (("cpu", cpu), ("memory", room)):
        if not found or found == UNKNOWN:
            azd.guess(made, at, key, made.args[key], "the template says none that is known")


def _scaled(azd: Azd, at: Resource, made: Made) -> None:
    scale = at.get("properties.template.scale")
    said = scale if isinstance(scale, Mapping) else {}
    most = said.get("maxReplicas")
    fewest = said.get("minReplicas")
    rules = [each for each in said.get("rules") or () if isinstance(each, Mapping)]
    kept: list[Rule] = []
    for index, rule in enumerate(rules):
        found = _rule(rule, made)
        if found is not None and found.name not in {each.name for each in kept}:
            kept.append(found)
        else:
            why = "what the rule measures is named by its part: backlog(…), queue_length(…)"
            azd.notes.left(
                f"{at.path}.scale.rules[{index}]", at.place, why, "write it with the part that it counts in"
            )
    most = most if isinstance(most, int) and most > 0 else 10
    fewest = fewest if isinstance(fewest, int) else 0
    asleep = fewest == 0 and (
        made.word == "worker" or (kept and not any(each.name == "requests" for each in kept))
    )
    if asleep:
        azd.notes.changed(at.path, at.place, "replicas from 1, not 0: no rule that is carried could wake it")
        fewest = 1
    made.args["replicas"] = (fewest, max(fewest, most))
    if kept:
        made.args["scale"] = kept


def _rule(rule: Mapping[str, Any], made: Made) -> Rule | None:
    http, custom = rule.get("http"), rule.get("custom")
    if isinstance(http, Mapping) and made.word == "service":
        number = sizes.number(str((http.get("metadata") or {}).get("concurrentRequests")))
        return Rule("requests", number) if number else None
    if isinstance(custom, Mapping) and custom.get("type") in ("cpu", "memory"):
        number = sizes.number(str((custom.get("metadata") or {}).get("value")))
        return Rule(str(custom["type"]), number) if number and number <= 100 else None
    return None


def _web(azd: Azd, at: Resource) -> Made | None:
    service = _service_of(azd, at)
    kind = str(at.get("kind") or "")
    if "functionapp" in kind:
        why = "no word for functions: what they are started by is Azure's own"
        azd.notes.left(at.path, at.place, why, "write a worker(…) for a queue, a schedule(…) for a clock")
        if service is not None:
            service.section.all_read()
            del azd.services[service.name]
        return None
    wanted = service.name if service else at.name.replace(UNKNOWN, "")
    line = at.get("properties.siteConfig.appCommandLine")
    words = {"command": words_of(line)} if isinstance(line, str) and line else {}
    made = Made(word="service", name=azd.names.give(wanted, otherwise="web"), place=at.place)
    made.first = [_command(azd, at, words, wanted)]
    health = at.get("properties.siteConfig.healthCheckPath")
    _answers(azd, at, made, None, health if isinstance(health, str) and health.startswith("/") else None)
    _sized(azd, at, made, None)
    made.args |= {"replicas": (1, 1), "host": "app service", "public": True}
    return _done(azd, at, made, service)


def _static(azd: Azd, at: Resource) -> None:
    service = _service_of(azd, at)
    wanted = service.name if service else azd.name(at, "web")
    made = _site(azd, service, wanted, at.place, at.path)
    azd.sketch.parts.append(made)
    azd.made.append((at, made))


def _site(azd: Azd, service: Service | None, wanted: str, place: Place, path: str) -> Made:
    pieces = [each for each in ((service.project, service.dist) if service else ()) if each and each != "."]
    below = [part for piece in pieces for part in piece.split("/") if part not in ("", ".", "..")]
    made = Made(word="site", name=azd.names.give(wanted, otherwise="web"), place=place)
    made.args["directory"] = "/".join(below) or "web"
    made.guesses["directory"] = "move or copy it below this file"
    taken = {each.args.get("port") for each in azd.sketch.parts}
    made.args["port"] = next(port for port in range(8080, 9000) if port not in taken)
    azd.notes.changed(path, place, f'directory="{made.args["directory"]}": a site is below its system file')
    if service is not None:
        service.part = made
    return made


def _alone(azd: Azd, service: Service) -> None:
    """A service for which there is no resource: only azure.yaml tells of it."""
    own = service.section
    if service.host == "staticwebapp":
        azd.sketch.parts.append(_site(azd, service, service.name, own.node.place, own.path))
        return
    if service.host not in ("containerapp", "appservice", "aks"):
        azd.notes.left(own.path, own.node, f"no word for the host {service.host}", "let it stand outside")
        own.all_read()
        return
    made = Made(word="service", name=azd.names.give(service.name, otherwise="app"), place=own.node.place)
    command = re.sub(r"[^\w.-]", "", service.name) or "app"
    made.first = [command]
    made.remarks.append("guess: the command, which azure.yaml does not say")
    at = Resource(
        type="", name=service.name, parent="", path=own.path, place=own.node.place, within=(), body={}
    )
    azd.notes.guessed(own.path, own.node, f'the command "{command}": azure.yaml says none')
    _answers(azd, at, made, None, None)
    _sized(azd, at, made, None)
    made.args |= {"replicas": (1, 1), "public": True}
    made.args |= {"appservice": {"host": "app service"}, "aks": {"host": "aks"}}.get(service.host, {})
    azd.notes.guessed(own.path, own.node, "public=True: azure.yaml does not say who reaches it")
    service.part = made
    azd.sketch.parts.append(made)
    for used in service.uses:
        _use(azd, made, used, own)


def _composed(azd: Azd, name: str, own: Section) -> None:
    """`host.containerapp` of a newer project, which a service of the same name is deployed to."""
    service = azd.services.get(name)
    if service is None:
        service = Service(
            name=name,
            section=own,
            host="containerapp",
            project=None,
            dist=None,
            resource="",
            uses=(),
            env=None,
        )
    if service.part is None:
        _alone(azd, service)
    made = service.part
    assert made is not None
    if port := sizes.number(own.text("port")):
        taken = {each.args.get("port") for each in azd.sketch.parts if each is not made}
        if port >= 1024 and port not in taken:
            made.args["port"] = port
            made.guesses.pop("port", None)
    for used in strings(own.take("uses")):
        _use(azd, made, used, own)
    env = own.take("env")
    for index, each in enumerate(env.items if isinstance(env, Items) else ()):
        if isinstance(each, Fields):
            said = {key: node.text for key, node in each.fields.items() if isinstance(node, Text)}
            path = f"{own.at('env')}[{index}]"
            if "secret" in said:
                secret(azd, made, said.get("name", "secret"), path, each)
            else:
                setting(azd, made, said.get("name", ""), said.get("value", ""), path, each)


def _use(azd: Azd, made: Made, name: str, own: Section) -> None:
    several = [part for key, part in azd.composed.items() if key == name or key.startswith(f"{name}/")]
    service = azd.services.get(name)
    for target in dict.fromkeys([*several, *([service.part] if service and service.part else [])]):
        if use_in(azd.sketch, made, target):
            variables = ", ".join(variables_of(target))
            azd.notes.changed(
                own.at("uses"), own.node, f"{made.name} is told of {target.name} by {variables}"
            )
    if not several and not service:
        azd.notes.left(own.at("uses"), own.node, f"{name} became no part")
