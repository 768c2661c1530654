"""Will Azure take it: ingress, replicas, probes and clocks of Container Apps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.check.reading import each_in, every, number, size, text
from seatrial.check.rule import Found, thing_rule
from seatrial.check.rules.takes_container_apps import APP, ENVIRONMENT, JOB, POOL, app
from seatrial.check.thing import Thing, Things

SCALE = "https://learn.microsoft.com/azure/container-apps/scale-app"
INGRESS = "https://learn.microsoft.com/azure/container-apps/ingress-overview"
SESSIONS = "https://learn.microsoft.com/azure/container-apps/session-pool"

# -- ingress ------------------------------------------------------------------------------------------------


def _ingress(body: str) -> str:
    return app("", f'"ingress": {body}')


@thing_rule(
    "container-app-second-http",
    types=(APP,),
    severity="error",
    family="takes",
    title="An app is to answer HTTP at more than one port",
    why="An app has one HTTP ingress, on 80 and 443; up to five further ports are plain TCP on others.",
    source=INGRESS,
    bad=_ingress(
        '{"targetPort": 8080, "additionalPortMappings": [{"targetPort": 9090, "exposedPort": 443}]}'
    ),
    good=_ingress('{"targetPort": 8080, "additionalPortMappings": [{"targetPort": 9090}]}'),
)
def container_app_second_http(thing: Thing, things: Things) -> Iterator[Found]:
    if isinstance(thing.at("properties.configuration.ingress"), list | tuple):
        yield Found(what="ingress is a list", fix="one ingress; an app of its own for what else answers HTTP")
        return
    ports = [
        number(each, "exposedPort") or number(each, "targetPort")
        for each in each_in(thing, "properties.configuration.ingress.additionalPortMappings")
    ]
    if len(ports) > 5:
        yield Found(what=f"{len(ports)} further ports, 5 at most", fix="an app of its own for some of them")
    for port in sorted({int(port) for port in ports if port in (80, 443)}):
        yield Found(
            what=f"{port} is taken by the HTTP ingress of the environment",
            fix="an app of its own for what answers HTTP there",
        )


def _in_no_network(environment: Thing) -> bool:
    return environment.lacks("properties.vnetConfiguration")


def _with_environment(network: str) -> str:
    return app(
        "",
        '"ingress": {"external": true, "transport": "tcp", "targetPort": 6379, "exposedPort": 6379}',
        before=f'{{"type": "{ENVIRONMENT}", "name": "env", "properties": {{{network}}}}}, ',
    )


@thing_rule(
    "container-app-tcp",
    types=(APP,),
    severity="error",
    family="takes",
    title="The world is to reach an app by TCP in an environment that stands in no network",
    why="What is not HTTP is let in from outside only where the environment has a network of its own.",
    source=INGRESS,
    bad=_with_environment(""),
    good=_with_environment('"vnetConfiguration": {"infrastructureSubnetId": "apps"}'),
)
def container_app_tcp(thing: Thing, things: Things) -> Iterator[Found]:
    way = "properties.configuration.ingress"
    outside = thing.at(f"{way}.external") is True and text(thing, f"{way}.transport").lower() == "tcp"
    if outside and every(things, ENVIRONMENT, _in_no_network):
        yield Found(
            what="external TCP in an environment without a network",
            fix='"vnetConfiguration": {"infrastructureSubnetId": "…"} in the environment',
        )


@thing_rule(
    "container-app-traffic",
    types=(APP,),
    severity="error",
    family="takes",
    title="Traffic is to be shared by revisions of which only one can run",
    why="Weights need the revision mode Multiple; Single, which is the default, leads all to the newest.",
    source="https://learn.microsoft.com/azure/container-apps/blue-green-deployment",
    bad=app(
        "",
        '"ingress": {"traffic": [{"revisionName": "web--one", "weight": 90}, '
        '{"latestRevision": true, "weight": 10}]}',
    ),
    good=app(
        "",
        '"activeRevisionsMode": "Multiple", "ingress": {"traffic": [{"revisionName": "web--one", '
        '"weight": 90}, {"latestRevision": true, "weight": 10}]}',
    ),
)
def container_app_traffic(thing: Thing, things: Things) -> Iterator[Found]:
    if thing.unknown("properties.configuration.activeRevisionsMode"):
        return
    shares = list(each_in(thing, "properties.configuration.ingress.traffic"))
    single = text(thing, "properties.configuration.activeRevisionsMode").lower() != "multiple"
    if single and (len(shares) > 1 or any(each.at("revisionName") for each in shares)):
        yield Found(
            what=f"{len(shares)} shares of traffic, one revision", fix='"activeRevisionsMode": "Multiple"'
        )
    weights = [number(each, "weight") for each in shares]
    whole = sum(each for each in weights if each is not None)
    known = len(weights) == size(thing, "properties.configuration.ingress.traffic")
    if weights and known and None not in weights and whole != 100:
        yield Found(what=f"the weights come to {whole:g}, not 100", fix="weights that add up to 100")


# -- replicas -----------------------------------------------------------------------------------------------


def _rules(thing: Thing) -> Iterator[tuple[str, Any]]:
    """The kind of each rule, as KEDA calls it, and the rule."""
    for rule in each_in(thing, "properties.template.scale.rules"):
        kinds = [kind for kind in ("http", "tcp", "azureQueue") if rule.at(kind) is not None]
        yield (kinds[0] if kinds else text(rule, "custom.type").lower()), rule


@thing_rule(
    "container-app-replicas",
    types=(APP,),
    severity="error",
    family="takes",
    title="An app of a template is to have more replicas than Azure runs, or most below fewest",
    why="An app has a thousand replicas at most, ten when nothing is said, and never fewer than its fewest.",
    source=SCALE,
    bad=app('"scale": {"minReplicas": 20}'),
    good=app('"scale": {"minReplicas": 20, "maxReplicas": 40}'),
)
def container_app_replicas(thing: Thing, things: Things) -> Iterator[Found]:
    scale = "properties.template.scale"
    if thing.unknown(f"{scale}.maxReplicas"):
        return
    fewest = number(thing, f"{scale}.minReplicas") or 0
    said = number(thing, f"{scale}.maxReplicas")
    most = 10 if said is None else said
    if not 1 <= most <= 1000:
        yield Found(what=f"{most:g} replicas at most, 1 to 1,000 go", fix='"maxReplicas": 1000')
    elif fewest > most:
        unsaid = " when nothing is said" if said is None else ""
        yield Found(what=f"{fewest:g} at least, {most:g} at most{unsaid}", fix=f'"maxReplicas": {fewest:g}')


@thing_rule(
    "container-app-asleep",
    types=(APP,),
    severity="error",
    family="takes",
    title="An app of a template goes down to no replica, and nothing wakes it",
    why="No replica uses CPU or memory to measure, and without ingress no request comes: it stops for good.",
    source=SCALE,
    bad=app(
        '"scale": {"minReplicas": 0, "rules": [{"name": "cpu", "custom": {"type": "cpu", '
        '"metadata": {"type": "Utilization", "value": "70"}}}]}'
    ),
    good=app(
        '"scale": {"minReplicas": 1, "rules": [{"name": "cpu", "custom": {"type": "cpu", '
        '"metadata": {"type": "Utilization", "value": "70"}}}]}'
    ),
)
def container_app_asleep(thing: Thing, things: Things) -> Iterator[Found]:
    """Unset is none. With ingress and no rule Azure gives one by requests."""
    scale = "properties.template.scale"
    if thing.unknown(f"{scale}.minReplicas") or thing.unknown(f"{scale}.rules"):
        return
    if (number(thing, f"{scale}.minReplicas") or 0) > 0 or not thing.says("properties.template"):
        return
    if thing.says("properties.configuration.service"):  # an add-on for development, run by Azure
        return
    kinds = [kind for kind, _ in _rules(thing)]
    if kinds and all(kind in ("cpu", "memory") for kind in kinds):
        yield Found(
            what=f"no replica at least, and rules by {' and '.join(kinds)} only", fix='"minReplicas": 1'
        )
    elif not kinds and thing.lacks("properties.configuration.ingress"):
        yield Found(what="from no replica on, without ingress and rules", fix='"minReplicas": 1')


@thing_rule(
    "scale-metadata-text",
    types=(APP, JOB),
    severity="error",
    family="takes",
    title="A scale rule has a number where its interface takes text",
    why="All values of a rule's metadata are text: a number is refused before anything is deployed.",
    source=SCALE,
    bad=app('"scale": {"rules": [{"name": "web", "http": {"metadata": {"concurrentRequests": 50}}}]}'),
    good=app('"scale": {"rules": [{"name": "web", "http": {"metadata": {"concurrentRequests": "50"}}}]}'),
)
def scale_metadata_text(thing: Thing, things: Things) -> Iterator[Found]:
    for path in ("properties.template", "properties.configuration.eventTriggerConfig"):
        for rule in each_in(thing, f"{path}.scale.rules"):
            for kind in ("custom.metadata", "http.metadata", "tcp.metadata", "metadata"):
                found = rule.at(kind)
                for name, value in found.items() if isinstance(found, Mapping) else ():
                    if isinstance(value, bool | int | float):
                        shown = str(value).lower() if isinstance(value, bool) else f"{value:g}"
                        yield Found(what=f"{name} is {shown}, not text", fix=f'"{name}": "{shown}"')


# -- probes -------------------------------------------------------------------------------------------------

_PROBE = {
    "failureThreshold": (1, 10),
    "successThreshold": (1, 10),
    "initialDelaySeconds": (0, 60),
    "periodSeconds": (1, 240),
    "timeoutSeconds": (1, 240),
}
"""Source: the interface of 2026-01-01, ContainerAppProbe; no delay at all is the default."""


@thing_rule(
    "container-app-probe",
    types=(APP,),
    severity="error",
    family="takes",
    title="A probe has more patience than Azure has",
    why="A probe fails ten times at most, begins within a minute, and waits four between two tries.",
    source="https://learn.microsoft.com/azure/container-apps/health-probes",
    bad=app('"containers": [{"name": "web", "probes": [{"type": "Startup", "failureThreshold": 30}]}]'),
    good=app(
        '"containers": [{"name": "web", "probes": [{"type": "Startup", "failureThreshold": 10, '
        '"periodSeconds": 30}]}]'
    ),
)
def container_app_probe(thing: Thing, things: Things) -> Iterator[Found]:
    for container in each_in(thing, "properties.template.containers"):
        for probe in each_in(container, "probes"):
            for name, (least, most) in _PROBE.items():
                said = number(probe, name)
                if said is not None and not least <= said <= most:
                    kind = text(probe, "type") or "the probe"
                    yield Found(
                        what=f"{name} of {kind} is {said:g}: not {least} to {most}",
                        fix=f'"{name}": {most if said > most else least}',
                    )


# -- jobs ---------------------------------------------------------------------------------------------------


def _job(configuration: str) -> str:
    return f'{{"type": "{JOB}", "name": "nightly", "properties": {{"configuration": {{{configuration}}}}}}}'


@thing_rule(
    "job-clock",
    types=(JOB,),
    severity="error",
    family="takes",
    title="A job of a template has a clock that Azure cannot read, or none",
    why="A cron expression has five fields, from the minute to the day of the week, in UTC.",
    source="https://learn.microsoft.com/azure/container-apps/jobs",
    bad=_job('"triggerType": "Schedule", "scheduleTriggerConfig": {"cronExpression": "0 0 2 * * *"}'),
    good=_job('"triggerType": "Schedule", "scheduleTriggerConfig": {"cronExpression": "0 2 * * *"}'),
)
def job_clock(thing: Thing, things: Things) -> Iterator[Found]:
    set_ = "properties.configuration"
    if text(thing, f"{set_}.triggerType") != "Schedule":
        return
    if thing.lacks(f"{set_}.scheduleTriggerConfig.cronExpression"):
        yield Found(
            what="started by the clock, without one",
            fix='"scheduleTriggerConfig": {"cronExpression": "0 2 * * *"}',
        )
    elif cron := text(thing, f"{set_}.scheduleTriggerConfig.cronExpression"):
        fields = len(cron.split())
        if fields != 5:
            yield Found(what=f'"{cron}" has {fields} fields, not 5', fix='"cronExpression": "0 2 * * *"')


# -- sessions -----------------------------------------------------------------------------------------------


def _pool(properties: str) -> str:
    return f'{{"type": "{POOL}", "name": "lab", "properties": {{{properties}}}}}'


@thing_rule(
    "session-pool",
    types=(POOL,),
    severity="error",
    family="takes",
    title="A pool of sessions has a size or a patience that Azure has not",
    why="A pool has 600 sessions at once at most, those that wait among them; one idles 5 to 60 minutes.",
    source=SESSIONS,
    bad=_pool('"scaleConfiguration": {"maxConcurrentSessions": 1000}'),
    good=_pool('"scaleConfiguration": {"maxConcurrentSessions": 600}'),
)
def session_pool(thing: Thing, things: Things) -> Iterator[Found]:
    most = number(thing, "properties.scaleConfiguration.maxConcurrentSessions")
    ready = number(thing, "properties.scaleConfiguration.readySessionInstances")
    if most is not None and most > 600:
        yield Found(what=f"{most:g} sessions at once, 600 at most", fix='"maxConcurrentSessions": 600')
    if most is not None and ready is not None and ready > most:
        yield Found(what=f"{ready:g} wait, {most:g} may be", fix=f'"readySessionInstances": {most:g}')
    pool = "properties.dynamicPoolConfiguration"
    for path in (f"{pool}.lifecycleConfiguration.cooldownPeriodInSeconds", f"{pool}.cooldownPeriodInSeconds"):
        idle = number(thing, path)
        if idle is not None and not 300 <= idle <= 3600:
            yield Found(what=f"{idle:g} s idle: not 300 to 3,600", fix='"cooldownPeriodInSeconds": 300')
