"""What services of a Compose file become. Every system file here is read by the reader of system files."""

from __future__ import annotations

import json
import shlex

import pytest

from seatrial.model import (
    Blobs,
    Cache,
    Documents,
    Job,
    Mistakes,
    ModelApi,
    Postgres,
    Queue,
    Secret,
    Service,
    Site,
    Temporal,
    Worker,
)

DB = "  db: {image: 'postgres:16', environment: {POSTGRES_PASSWORD: hunter2hunter2, POSTGRES_DB: app}}\n"


def web(more: str = "", after: str = "") -> str:
    """A web service of one line of keys, and further services."""
    return f"services:\n  web: {{image: acme/web, command: serve, ports: ['8000:8000']{more}}}\n{after}"


def why(made, path: str) -> str:
    """What is told of a key."""
    found = [note for note in made.notes if path in (note.path, *note.also)]
    assert found, f"{path} is not told; told are {[note.where for note in made.notes]}"
    return " ".join(f"{note.kind}: {note.why} {note.hint}" for note in found)


# -- stores ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("image", "version", "extensions"),
    [
        ("postgres:16-alpine", 16, ()),
        ("docker.io/library/postgres:18", 18, ()),
        ("pgvector/pgvector:pg17", 17, ("vector",)),
        ("pgvector/pgvector:0.8.6-pg15", 15, ("vector",)),
        ("timescale/timescaledb:2.17.2-pg16", 16, ("timescaledb",)),
        ("postgis/postgis:15-3.4", 15, ("postgis",)),
        ("registry.example.org:5000/bitnami/postgresql:14.2", 14, ()),
        ("postgres:9.6", 14, ()),
        ("postgres", 17, ()),
    ],
)
def test_an_image_says_version_and_extensions_of_a_database(planned, image, version, extensions):
    (store,) = planned(f"services: {{store: {{image: '{image}'}}}}").of(Postgres)
    assert (store.name, store.version, store.extensions) == ("store", version, extensions)


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        ("redis:7", Cache),
        ("valkey/valkey:8.1", Cache),
        ("eqalpha/keydb", Cache),
        ("minio/minio", Blobs),
        ("mcr.microsoft.com/azure-storage/azurite", Blobs),
        ("rabbitmq:3-management", Queue),
        ("mongo:7", Documents),
        ("ollama/ollama", ModelApi),
    ],
)
def test_a_known_image_becomes_its_part(planned, image, kind):
    assert [part.name for part in planned(f"services: {{kept: {{image: '{image}'}}}}").of(kind)] == ["kept"]


@pytest.mark.parametrize("image", ["mysql:8", "kafka", "qdrant/qdrant", "elasticsearch:8", "mailhog/mailhog"])
def test_what_no_word_holds_is_left_out_with_its_reason(imported, image):
    made = imported(web(after=f"  other: {{image: '{image}'}}\n"))
    assert "other" not in made.text
    assert why(made, "services.other").startswith("left out: ")


def test_a_name_too_short_for_azure_is_mended_and_its_variable_told(imported):
    made = imported(web(", environment: {DATABASE_URL: 'postgres://u:hunter2@db/app'}, depends_on: [db]", DB))
    assert 'database = shop.postgres(\n    "database",' in made.text
    assert "uses=[database]" in made.text
    assert "without user and password" in why(made, "services.web.environment.DATABASE_URL")


def test_no_password_enters_the_system_file_or_the_notes(imported):
    text = web(
        ", environment: {A_URL: 'postgres://u:hunter2hunter2@db/app', API_TOKEN: tok-abcdef,"
        " PW: hunter2hunter2, OUT: 'https://me:hunter2hunter2@example.org'}",
        DB,
    )
    made = imported(text)
    for secret in ("hunter2", "tok-abcdef"):
        assert secret not in made.text
        assert secret not in "".join(note.text() for note in made.notes)


def test_limits_of_a_database_become_a_machine_that_there_is(planned):
    limits = "deploy: {resources: {limits: {cpus: '3', memory: 30g}}}"
    (store,) = planned(f"services: {{store: {{image: 'postgres:16', {limits}}}}}").of(Postgres)
    # Machines have 4 cores after 2, and with them 16 or 32 GiB
    assert (store.cores, store.memory.gib if store.memory else None) == (4, 32)


def test_the_memory_of_a_cache_is_what_its_server_is_given(planned):
    command = "redis-server --maxmemory 512mb --maxmemory-policy allkeys-lru"
    (cache,) = planned(f"services: {{kept: {{image: 'redis:7', command: {command}}}}}").of(Cache)
    assert cache.memory.gib == 0.5


def test_temporal_keeps_its_runs_in_the_database_that_it_was_given(planned):
    engine = "  engine: {image: 'temporalio/auto-setup:1.29.1', environment: [POSTGRES_SEEDS=store]}\n"
    plan = planned(f"services:\n{engine}  store: {{image: 'postgres:16'}}\n  ui: {{image: temporalio/ui}}\n")
    (temporal,) = plan.of(Temporal)
    assert (temporal.version, temporal.history.name, temporal.ui) == ("1.29.1", "store", True)
    assert temporal.history.sign_in == "password"


# -- processes -------------------------------------------------------------------------------------------


def test_what_has_a_port_is_a_service_and_what_has_none_a_worker(planned):
    plan = planned(web(after="  work: {image: acme/web, command: work}\n"))
    assert [part.name for part in plan.of(Service)] == ["web"]
    assert [part.name for part in plan.of(Worker)] == ["work"]


@pytest.mark.parametrize("restart", ["'no'", "on-failure:3"])
def test_what_is_made_to_end_is_a_job(planned, restart):
    (job,) = planned(f"services: {{seed: {{image: a, command: seed, restart: {restart}}}}}").of(Job)
    assert job.retries == (3 if "3" in restart else 0)


def test_a_migration_that_others_wait_for_belongs_to_its_database(planned):
    migrate = "  migrate: {build: ., command: alembic upgrade head, depends_on: [db]}\n"
    wait = ", depends_on: {migrate: {condition: service_completed_successfully}}"
    plan = planned(web(wait, DB + migrate))
    assert plan.of(Postgres)[0].migrate == "alembic upgrade head"
    assert [part.name for part in plan.of(Service)] == ["web"]
    assert plan.of(Job) == ()


def test_a_migration_keeps_its_settings(planned):
    migrate = "  migrate: {build: ., command: manage migrate, environment: {MODE: live}, depends_on: [db]}\n"
    wait = ", depends_on: {migrate: {condition: service_completed_successfully}}"
    assert planned(web(wait, DB + migrate)).of(Postgres)[0].migrate == "env MODE=live manage migrate"


@pytest.mark.parametrize(
    "test",
    [
        "[CMD, curl, -f, 'http://localhost:8000/ready']",
        "[CMD-SHELL, 'wget -qO- http://127.0.0.1:8000/ready?deep=1 || exit 1']",
        "curl --fail http://web:8000/ready",
        "[CMD, python, -c, \"import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/ready')\"]",
    ],
)
def test_the_path_of_a_health_check_is_found(planned, test):
    (service,) = planned(web(f", healthcheck: {{test: {test}, start_period: 90s}}")).of(Service)
    assert service.health == "/ready"
    assert service.start_within.seconds == 90


def test_where_no_path_is_asked_it_is_a_guess_that_is_marked_and_listed(imported):
    made = imported(web())
    assert 'health="/",  # guess: ' in made.text
    assert "guessed: " in why(made, "services.web")


def test_limits_and_replicas_are_carried(planned):
    deploy = ", deploy: {replicas: 3, resources: {limits: {cpus: '1.5', memory: 3G}}}"
    (service,) = planned(web(deploy)).of(Service)
    assert (service.cpu, service.memory.gib, service.replicas) == (1.5, 3, (3, 3))


def test_a_gpu_is_asked_for(planned):
    deploy = ", deploy: {resources: {reservations: {devices: [{driver: nvidia, capabilities: [gpu]}]}}}"
    assert planned(web(deploy)).of(Service)[0].gpus == 1


def test_a_published_port_makes_a_service_public_and_one_that_is_only_exposed_does_not(planned):
    plan = planned(web(after="  inner: {image: a, command: b, expose: ['9000']}\n"))
    assert [(part.name, part.port, part.public) for part in plan.of(Service)] == [
        ("web", 8000, True),
        ("inner", 9000, False),
    ]


@pytest.mark.parametrize(
    ("ports", "port"),
    [
        ("'8000'", 8000),
        ("'127.0.0.1:80:8000'", 8000),
        ("'[::1]:80:8000/tcp'", 8000),
        ("{target: 8000, published: '80'}", 8000),
        ("'5353:5353/udp', '80:8000'", 8000),
        ("'80:80'", 8080),  # only root may open 80
    ],
)
def test_every_way_to_write_a_port_is_read(planned, ports, port):
    text = f"services: {{web: {{image: a, command: b, ports: [{ports}]}}}}"
    assert planned(text).of(Service)[0].port == port


def test_two_services_on_one_port_get_one_each(imported):
    made = imported(web(after="  more: {image: a, command: b --port 8000, ports: ['9000:8000']}\n"))
    assert "port=8001,  # guess: 8000 in the source" in made.text
    assert "b --port {port}" in made.text
    assert "another part has it" in why(made, "services.more")


def test_a_command_that_needs_a_shell_keeps_it(planned):
    command = json.dumps("sh -c \"migrate && serve --name 'a b'\"")
    (service,) = planned(f"services: {{web: {{image: a, command: {command}, ports: ['8000']}}}}").of(Service)
    assert shlex.split(service.command) == ["sh", "-c", "migrate && serve --name 'a b'"]


def test_the_dockerfile_says_what_the_compose_file_does_not(planned):
    dockerfile = (
        "FROM python AS base\nEXPOSE 1\nFROM base\nEXPOSE 5000\n"
        'HEALTHCHECK CMD curl http://localhost:5000/up\nENTRYPOINT ["flask"]\nCMD ["run", \\\n "--debug"]\n'
    )
    (service,) = planned("services: {web: {build: ./app}}", app__Dockerfile=dockerfile).of(Service)
    assert (service.command, service.port, service.health) == ("flask run --debug", 5000, "/up")


def test_an_image_of_others_without_a_command_is_a_guess_above_the_part(imported):
    made = imported("services: {web: {image: 'ghcr.io/acme/thing:1', ports: ['8000']}}")
    assert "# guess: the command" in made.text
    assert 'shop.service(\n    "web",\n    "thing",' in made.text
    assert "left out: the words have no image made elsewhere" in why(made, "services.web.image")


def test_a_profile_is_left_out_until_it_is_asked_for(imported):
    text = web(after="  page: {image: a, command: b, ports: ['9000'], profiles: [tools]}\n")
    assert "--profile tools" in why(imported(text), "services.page")
    assert '"page"' in imported(text, profiles=("tools",)).text


def test_what_ends_and_has_a_profile_is_a_job_by_hand(planned):
    (job,) = planned(web(after="  seed: {image: a, command: b, profiles: [tools]}\n")).of(Job)
    assert job.runs == "by hand"


# -- who uses whom ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "variable",
    [
        "A: 'postgresql://u:p@db:5432/app'",
        "A: 'jdbc:postgresql://db:5432/app'",
        "DB_HOST: db",
        "APP_DBHOST: db",
        "A: 'host=db port=5432 dbname=app'",
        "SERVERS: 'db:5432'",
    ],
)
def test_an_address_in_a_variable_is_a_use(planned, variable):
    (service,) = planned(web(f", environment: {{{variable}}}", DB)).of(Service)
    assert [part.name for part in service.uses] == ["database"]
    assert not service.env


def test_a_word_that_is_a_service_by_chance_is_a_setting(planned):
    (service,) = planned(web(", environment: {ROLE: db}", DB)).of(Service)
    assert (service.uses, dict(service.env)) == ((), {"ROLE": "db"})


def test_what_goes_with_a_host_is_about_the_store(imported):
    made = imported(web(", environment: {DB_HOST: db, DB_PORT: 5432, DB_NAME: app, DB_POOL: 5}", DB))
    assert 'env={"DB_POOL": "5"}' in made.text
    assert "left out" in why(made, "services.web.environment.DB_PORT")


def test_a_use_that_would_close_a_circle_is_told(imported):
    text = "services:\n"
    text += "  a1: {image: a, command: x, ports: ['8001'], environment: {B1_URL: 'http://b1:8002'}}\n"
    text += "  b1: {image: a, command: x, ports: ['8002'], environment: {A1_URL: 'http://a1:8001'}}\n"
    made = imported(text)
    assert "must stand without its user" in why(made, "services.b1.environment.A1_URL")


def test_a_variable_with_the_same_name_and_address_needs_no_word(imported):
    made = imported(
        web(
            ", environment: {INNER_URL: 'http://inner:9000'}",
            "  inner: {image: a, command: b, expose: [9000]}\n",
        )
    )
    assert "uses=[inner]" in made.text
    assert not [note for note in made.notes if "INNER_URL" in note.where]


def test_three_variables_of_a_model_are_a_model(planned):
    env = "{LLM_URL: '${LLM_URL:-}', LLM_MODEL: '${LLM_MODEL:-gpt-4o}', LLM_KEY: '${LLM_KEY:-}'}"
    (model,) = planned(web(f", environment: {env}")).of(ModelApi)
    assert (model.name, model.model, model.needed) == ("llm", "gpt-4o", False)


@pytest.mark.parametrize(
    ("written", "needed"), [("abcdef123", True), ("${K}", True), ("${K:?say it}", True), ("${K:-}", False)]
)
def test_a_secret_is_a_part_and_may_not_be_needed(planned, written, needed):
    (secret,) = planned(web(f", environment: {{STRIPE_API_KEY: '{written}'}}")).of(Secret)
    assert (secret.variable, secret.needed) == ("STRIPE_API_KEY", needed)


def test_a_secret_file_becomes_a_variable(imported):
    made = imported(web(", secrets: [mail]") + "secrets: {mail: {file: mail.txt}}\n")
    assert 'mail = shop.secret("mail")' in made.text
    assert "the variable MAIL" in why(made, "services.web.secrets[0]")


def test_an_env_file_is_read_and_its_lines_are_told(imported):
    made = imported(web(", env_file: app.env"), app_dot_env="LEVEL=info\nAPI_TOKEN=tok-abcdef\n")
    assert 'env={"LEVEL": "info"}' in made.text
    (note,) = [note for note in made.notes if "API_TOKEN" in note.path]
    assert (note.place.file, note.place.line) == ("app.env", 2)


def test_an_env_file_that_is_not_there_is_told(imported):
    assert "not there" in why(imported(web(", env_file: gone.env")), "services.web.env_file")


# -- folders and the way in ------------------------------------------------------------------------------


def test_a_named_volume_of_a_process_becomes_blobs(planned):
    (blobs,) = planned(web(", volumes: ['media:/app/media']") + "volumes: {media: {}}\n").of(Blobs)
    assert blobs.name == "media"


def test_a_volume_that_is_only_read_is_only_read(planned):
    (service,) = planned(web(", volumes: ['media:/app/media:ro']") + "volumes: {media: {}}\n").of(Service)
    assert [part.name for part in service.reads] == ["media"]


@pytest.mark.parametrize(
    "volume",
    [".:/app", "./nginx.conf:/etc/x.conf:ro", "/var/run/docker.sock:/x", "/app/node_modules", "pip-cache:/c"],
)
def test_code_caches_and_sockets_are_left_out_and_told(imported, volume):
    made = imported(web(f", volumes: ['{volume}']"))
    assert "blobs" not in made.text
    assert "left out" in why(made, "services.web.volumes[0]")


def test_what_a_proxy_leads_to_is_public(planned):
    inner = "  inner: {image: a, command: b, expose: ['9000']}\n"
    proxy = "  proxy: {image: nginx, ports: ['80:80'], volumes: ['./nginx.conf:/etc/nginx/conf.d/x.conf']}\n"
    plan = planned(f"services:\n{inner}{proxy}", nginx_dot_conf="proxy_pass http://inner:9000;")
    assert [(part.name, part.public) for part in plan.of(Service)] == [("inner", True)]


def test_a_proxy_that_serves_files_is_a_site(planned):
    text = (
        "services: {pages: {image: nginx, ports: ['8081:80'], volumes: ['./dist:/usr/share/nginx/html:ro']}}"
    )
    (site,) = planned(text).of(Site)
    assert (site.name, site.directory, site.port) == ("pages", "dist", 8081)


# -- mistakes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("services: {}", "not a Compose file"),
        ("apiVersion: v1\nkind: Pod\n", "this is for Kubernetes"),
        ("services:\n  web: {}", "compose.yaml:2  services.web: neither image nor build"),
        ("services:\n  web: nginx", "compose.yaml:2  services.web: no mapping"),
        ("services:\n  a:\n    image: x\n    depends_on: [b]", "compose.yaml:4  services.a depends on b"),
        (
            "services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x, depends_on: [a]}",
            "a cycle of depends_on",
        ),
        ("services:\n  a:\n    image: x\n    deploy: [1]\n", "compose.yaml:4  services.a.deploy: no mapping"),
    ],
)
def test_what_is_no_compose_file_is_told_with_its_line(imported, text, told):
    with pytest.raises(Mistakes) as caught:
        imported(text)
    assert told in caught.value.report()


# -- what is easily overlooked ---------------------------------------------------------------------------


def test_a_database_built_upon_a_known_image_is_a_database(planned):
    dockerfile = "FROM pgvector/pgvector:pg16\nCOPY x.sql /docker-entrypoint-initdb.d/\n"
    (store,) = planned("services: {store: {build: ./db}}", db__Dockerfile=dockerfile).of(Postgres)
    assert (store.version, store.extensions) == (16, ("vector",))


def test_a_service_is_known_by_its_aliases(planned):
    text = "services:\n  web: {image: a, command: b, ports: [8000], links: ['db:store'],\n"
    text += "    environment: {A_URL: 'postgres://store/x', B_URL: 'redis://kept'}}\n" + DB
    text += "  other: {image: redis, networks: {default: {aliases: [kept]}}}\n"
    (service,) = planned(text).of(Service)
    assert {part.name for part in service.uses} == {"database", "other"}


def test_what_a_plugin_of_compose_provides_is_left_out(imported):
    made = imported(web(after="  thing: {provider: {type: awesomecloud}}\n"))
    assert "left out" in why(made, "services.thing")


@pytest.mark.parametrize(
    ("more", "path"),
    [
        (", ports: [{target: 8000, mode: host}]", "services.web.ports[0].mode"),
        (
            ", volumes: [{type: volume, source: media, target: /m, volume: {nocopy: true}}]",
            "services.web.volumes[0].volume",
        ),
        (", secrets: [{source: s, mode: 0440}]", "services.web.secrets[0].mode"),
        (", expose: ['8000', '8001']", "services.web.expose[1]"),
        (", restart: on-failure", "services.web.restart"),
        (", deploy: {restart_policy: {delay: 5s}}", "services.web.deploy.restart_policy"),
        (", healthcheck: {test: [CMD, true], interval: 90s}", "services.web.healthcheck.interval"),
        (", models: {llm: {}}", "services.web.models"),
        (
            ", depends_on: {db: {condition: service_healthy, restart: true}}",
            "services.web.depends_on.db.restart",
        ),
    ],
)
def test_a_small_key_is_told_too(imported, more, path):
    text = f"services:\n  web: {{image: a, command: b, expose: [8000]{more}}}\n{DB}"
    if "expose" in more:
        text = f"services:\n  web: {{image: a, command: b{more}}}\n{DB}"
    assert "left out" in why(imported(text), path)


def test_what_azure_has_no_more_of_is_cut_and_told(imported, tmp_path):
    from seatrial.cli.system_file import read_system

    text = web(", deploy: {replicas: 5000, resources: {limits: {cpus: '64', memory: 1024G}}}")
    text += "  kept: {image: redis, command: redis-server --maxmemory 99999gb}\n"
    text += "  seed: {image: a, command: b, restart: 'on-failure:500'}\n"
    made = imported(text)
    (tmp_path / "system.py").write_text(made.text)
    plan = read_system(tmp_path / "system.py").plan()
    (service,), (cache,), (job,) = plan.of(Service), plan.of(Cache), plan.of(Job)
    assert (service.replicas, service.cpu, service.memory.gib) == ((1000, 1000), 4, 8)
    assert (cache.memory.gib, job.retries) == (768, 100)
    assert "Container Apps have no more" in why(made, "services.web")


def test_an_image_of_files_is_a_site(imported):
    dockerfile = "FROM node AS made\nRUN npm run build\nFROM nginx:alpine\n"
    dockerfile += "COPY --from=made /app/dist /usr/share/nginx/html\n"
    made = imported("services: {pages: {build: ./front, ports: ['3000:80']}}", front__Dockerfile=dockerfile)
    assert 'shop.site("pages", port=3000, directory="dist")  # guess: directory' in made.text
    assert "move or copy it there" in why(made, "services.pages.build")
