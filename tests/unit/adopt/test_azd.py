"""Projects of the Azure Developer CLI: with a compiled template, or with resources of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seatrial.adopt import Adopted, Wishes, adopt
from seatrial.adopt.arm import UNKNOWN, resources
from seatrial.cli.system_file import read_system
from seatrial.model import (
    Blobs,
    Cache,
    Documents,
    Mistakes,
    ModelApi,
    Plan,
    Postgres,
    Queue,
    Schedule,
    Secret,
    Service,
    Site,
    Worker,
)

Template = dict[str, Any]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Adopted, Plan]]:
    """Imports an azure.yaml, with a template when there is one."""
    monkeypatch.chdir(tmp_path)

    def run(text: str, template: Template | None = None) -> tuple[Adopted, Plan]:
        Path("azure.yaml").write_text(text)
        if template is not None:
            Path("infra").mkdir(exist_ok=True)
            Path("infra/main.json").write_text(json.dumps(template, indent=2))
        made = adopt([Path("azure.yaml")], Wishes())
        Path("system.py").write_text(made.text)
        return made, read_system("system.py").plan()

    return run


def resource(type_: str, name: str, **body: Any) -> Template:
    return {"type": type_, "apiVersion": "2025-01-01", "name": name, **body}


def template(*some: Template, **more: Any) -> Template:
    return {"$schema": "x", "contentVersion": "1.0.0.0", "resources": list(some), **more}


def nested(name: str, inner: Template, **parameters: Any) -> Template:
    told = {key: {"value": value} for key, value in parameters.items()}
    return resource(
        "Microsoft.Resources/deployments", name, properties={"template": inner, "parameters": told}
    )


APP = "name: shop\nservices:\n  api: {project: src/api, host: containerapp, language: py}\n"


def app(name: str, service: str, env: list[Template], **configuration: Any) -> Template:
    return resource(
        "Microsoft.App/containerApps",
        name,
        tags=f"[union(variables('tags'), createObject('azd-service-name', '{service}'))]",
        properties={
            "configuration": configuration,
            "template": {
                "containers": [
                    {
                        "name": "main",
                        "image": "[parameters('image')]",
                        "command": ["python", "-m", service],
                        "resources": {"cpu": "[json('0.5')]", "memory": "1.0Gi"},
                        "env": env,
                    }
                ],
                "scale": {"minReplicas": 1, "maxReplicas": 5},
            },
        },
    )


SERVER = resource(
    "Microsoft.DBforPostgreSQL/flexibleServers",
    "[format('psql-{0}', variables('token'))]",
    location="westeurope",
    sku={"name": "Standard_D4ds_v5", "tier": "GeneralPurpose"},
    properties={
        "version": "16",
        "storage": {"storageSizeGB": "[parameters('size')]"},
        "backup": {"backupRetentionDays": 21, "geoRedundantBackup": "Enabled"},
        "highAvailability": {"mode": "ZoneRedundant"},
    },
)
TOKEN = {"token": "[uniqueString(resourceGroup().id)]", "tags": {"azd-env-name": "dev"}}


def test_a_server_of_postgresql_is_carried_with_all_that_a_part_says(project):
    inner = template(
        SERVER,
        resource(
            "Microsoft.DBforPostgreSQL/flexibleServers/databases",
            "[format('psql-{0}/orders', variables('token'))]",
        ),
        resource(
            "Microsoft.DBforPostgreSQL/flexibleServers/configurations",
            "[format('psql-{0}/azure.extensions', variables('token'))]",
            properties={"value": "VECTOR,uuid-ossp"},
        ),
        parameters={"size": {"type": "int"}},
        variables=TOKEN,
    )
    made, plan = project(APP, template(nested("data", inner, size=256)))
    (store,) = plan.of(Postgres)
    assert (store.name, store.version, store.cores, store.storage.gib) == ("orders", 16, 4, 256)
    assert (store.standby, store.backup_days, store.geo_backup) == ("another zone", 21, True)
    assert store.extensions == ("vector", "uuid-ossp")
    assert plan.region == "westeurope"
    assert "guess: region" not in made.text


def test_a_container_app_uses_what_its_environment_asks(project):
    env = [
        {
            "name": "DB",
            "value": "[format('postgresql://{0}/x', reference(resourceId("
            "'Microsoft.DBforPostgreSQL/flexibleServers', format('psql-{0}', variables('token')))).fqdn)]",
        },
        {"name": "LEVEL", "value": "info"},
        {"name": "STRIPE_API_KEY", "secretRef": "stripe"},
        {"name": "APPLICATIONINSIGHTS_CONNECTION_STRING", "value": "[reference('x').ConnectionString]"},
    ]
    whole = template(
        SERVER,
        app(
            "[concat('ca-', variables('token'))]", "api", env, ingress={"targetPort": 8000, "external": True}
        ),
        parameters={"size": {"defaultValue": 64}, "image": {}},
        variables=TOKEN,
    )
    made, plan = project(APP, whole)
    (service,) = plan.of(Service)
    assert (service.name, service.command, service.port, service.public) == (
        "api",
        "python -m api",
        8000,
        True,
    )
    assert (service.cpu, service.memory.gib, service.replicas) == (0.5, 1, (1, 5))
    assert [part.name for part in service.uses] == ["database", "stripe-api-key"]
    assert dict(service.env) == {"LEVEL": "info"}
    assert "DATABASE_URL carries it" in "".join(note.why for note in made.notes)


def test_what_another_deployment_gives_is_a_use_of_what_it_makes(project):
    cache = template(
        resource(
            "Microsoft.Cache/redis", "[uniqueString('a')]", properties={"sku": {"family": "C", "capacity": 1}}
        )
    )
    env = [
        {
            "name": "REDIS_HOST",
            "value": "[reference(resourceId('Microsoft.Resources/deployments', 'redis')).outputs.host.value]",
        }
    ]
    whole = template(nested("redis", cache), app("work", "work", env), variables=TOKEN)
    text = "name: shop\nservices: {work: {project: ., host: containerapp}}"
    _, plan = project(text, whole)
    assert [part.name for part in plan.of(Worker)[0].uses] == ["redis"]
    assert plan.of(Cache)[0].memory.gib == 1


def test_stores_models_and_secrets_of_a_template_become_parts(project):
    whole = template(
        resource("Microsoft.Storage/storageAccounts", "stshop", sku={"name": "Standard_LRS"}),
        resource("Microsoft.Storage/storageAccounts/blobServices/containers", "stshop/default/photos"),
        resource("Microsoft.ServiceBus/namespaces", "sb-shop"),
        resource(
            "Microsoft.ServiceBus/namespaces/queues", "sb-shop/orders", properties={"lockDuration": "PT2M"}
        ),
        resource("Microsoft.ServiceBus/namespaces/topics", "sb-shop/news"),
        resource("Microsoft.DocumentDB/databaseAccounts", "carts", kind="GlobalDocumentDB"),
        resource("Microsoft.CognitiveServices/accounts", "oai-shop", kind="OpenAI"),
        resource(
            "Microsoft.CognitiveServices/accounts/deployments",
            "oai-shop/chat",
            sku={"name": "GlobalStandard", "capacity": 30},
            properties={"model": {"name": "gpt-4o-mini"}},
        ),
        resource("Microsoft.KeyVault/vaults", "kv-shop"),
        resource("Microsoft.KeyVault/vaults/secrets", "kv-shop/mail-password"),
    )
    _, plan = project("name: shop\ninfra: {path: infra}\n", whole)
    assert [(part.name, part.copies) for part in plan.of(Blobs)] == [("photos", "one zone")]
    assert [(part.name, part.topic, part.lock.seconds) for part in plan.of(Queue)] == [
        ("orders", False, 120),
        ("news", True, 60),
    ]
    assert [part.name for part in plan.of(Documents)] == ["carts"]
    assert [(part.model, part.tokens_per_minute) for part in plan.of(ModelApi)] == [("gpt-4o-mini", 30_000)]
    assert [part.name for part in plan.of(Secret)] == ["mail-password"]


def test_what_has_no_word_is_left_out_with_its_line(project):
    whole = template(resource("Microsoft.Search/searchServices", "find"), SERVER, variables=TOKEN)
    made, _ = project(APP, whole)
    (note,) = [each for each in made.notes if "searchServices" in each.why]
    line = Path("infra/main.json").read_text().splitlines()[note.place.line - 1]
    assert (note.kind, note.path) == ("left out", "resources[0]")
    assert "Microsoft.Search/searchServices" in line


def test_a_job_by_the_clock_is_a_schedule(project):
    job = resource(
        "Microsoft.App/jobs",
        "nightly",
        properties={
            "configuration": {
                "triggerType": "Schedule",
                "replicaTimeout": 7200,
                "scheduleTriggerConfig": {"cronExpression": "30 2 * * *"},
            },
            "template": {"containers": [{"command": ["python", "-m", "report"]}]},
        },
    )
    (schedule,) = project("name: shop\ninfra: {}\n", template(job))[1].of(Schedule)
    assert (schedule.cron, schedule.command, schedule.time_limit.seconds) == (
        "30 2 * * *",
        "python -m report",
        7200,
    )


def test_resources_of_a_newer_project_need_no_template(project):
    text = """
name: shop
services:
  api: {project: src/api, host: containerapp, language: python}
  web: {project: src/web, host: staticwebapp, dist: build}
  old: {project: src/fn, host: function}
resources:
  api:
    type: host.containerapp
    port: 8080
    uses: [orders, files, chat]
    env: [{name: LEVEL, value: info}, {name: MAIL_PASSWORD, secret: x}]
  orders: {type: db.postgres}
  files: {type: storage, containers: [photos, papers]}
  chat: {type: ai.openai.model, model: {name: gpt-4o, version: '2024-11-20'}}
  bus: {type: messaging.servicebus, queues: [jobs], topics: [news]}
  hub: {type: messaging.eventhubs}
"""
    made, plan = project(text)
    (service,) = plan.of(Service)
    assert (service.name, service.port, dict(service.env)) == ("api", 8080, {"LEVEL": "info"})
    assert {part.name for part in service.uses} == {"orders", "photos", "papers", "chat", "mail-password"}
    assert plan.of(ModelApi)[0].model == "gpt-4o"
    assert [(part.name, part.topic) for part in plan.of(Queue)] == [("jobs", False), ("news", True)]
    assert plan.of(Site)[0].directory == "src/web/build"
    told = {note.path: note.kind for note in made.notes}
    assert told["resources.hub"] == told["services.old"] == told["resources.chat.model.version"] == "left out"


def test_a_template_that_is_not_compiled_is_told_with_the_way_out(project, tmp_path):
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra/main.bicep").write_text("param x string\n")
    made, _ = project(APP)
    assert any("az bicep build" in note.hint for note in made.notes)


@pytest.mark.parametrize(
    ("text", "broken", "told"),
    [
        ("services: {}", None, "no project of azd"),
        ("name: shop\nservices: {}\n", None, "nothing in it becomes a part"),
        (APP, '{"a": 1,\n"b": }', "infra/main.json:2  no JSON"),
        (APP, '{"a": 1}', "no template of ARM"),
    ],
)
def test_what_is_wrong_is_told(project, tmp_path, text, broken, told):
    if broken:
        (tmp_path / "infra").mkdir()
        (tmp_path / "infra/main.json").write_text(broken)
    with pytest.raises(Mistakes) as caught:
        project(text)
    assert told in caught.value.report()


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("[format('{0}-{1}', parameters('a'), 2)]", "x-2"),
        ("[concat('a', variables('b'))]", "ab"),
        ("[toLower('ABC')]", "abc"),
        ("[if(equals(parameters('a'), 'x'), 'yes', 'no')]", "yes"),
        ("[variables('deep').one[1]]", "second"),
        ("[take('abcdef', 3)]", "abc"),
        ("[replace('it''s', '''', '-')]", "it-s"),
        ("[[literal]", "[[literal]"),
        ("plain", "plain"),
        ("[uniqueString('x')]", UNKNOWN),
        ("[parameters('none')]", UNKNOWN),
        ("[broken(", "[broken("),
        ("[broken(]", UNKNOWN),
        ("[variables('circle')]", UNKNOWN),
    ],
)
def test_an_expression_is_known_as_far_as_it_can_be(tmp_path, expression, value):
    found = template(
        resource("A/b", "one", properties={"value": expression}),
        parameters={"a": {"defaultValue": "x"}},
        variables={"b": "b", "deep": {"one": ["first", "second"]}, "circle": "[variables('circle')]"},
    )
    (tmp_path / "main.json").write_text(json.dumps(found))
    (one,) = resources(tmp_path / "main.json", found, {})
    assert one.body["properties"]["value"] == value


def test_variables_that_double_each_other_end(tmp_path):
    # 60 doublings of ten letters would be 10 million million million
    doubled = {f"v{n}": f"[concat(variables('v{n - 1}'), variables('v{n - 1}'))]" for n in range(1, 60)}
    found = template(
        resource("A/b", "one", properties={"value": "[variables('v59')]"}),
        variables={"v0": "x" * 10, **doubled},
    )
    (tmp_path / "main.json").write_text(json.dumps(found))
    (one,) = resources(tmp_path / "main.json", found, {})
    assert len(one.body["properties"]["value"]) <= 100_000


@pytest.mark.parametrize(
    ("said", "directory"),
    [("../../systems/shop/web", "systems/shop/web"), ("./src/web", "src/web"), (".", "web"), ("web", "web")],
)
def test_a_page_stands_below_its_system_file(project, said, directory):
    text = f"name: shop\nservices: {{pages: {{project: {said}, host: staticwebapp}}}}\n"
    made, plan = project(text)
    assert plan.of(Site)[0].directory == directory
    assert any(note.kind == "changed" and "below its system file" in note.why for note in made.notes)
