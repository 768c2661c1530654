"""Will it surprise: what stores and services of others are on a laptop, and what they are on Azure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from seatrial.bill.units import one_or_more
from seatrial.check.case import Case
from seatrial.check.covering import tried
from seatrial.check.rule import Found, rule
from seatrial.model import (
    Blobs,
    Cache,
    Documents,
    ModelApi,
    Part,
    Plan,
    Postgres,
    Process,
    Queue,
    Sandbox,
    Secret,
    Temporal,
)
from seatrial.model.plan import uses_of

LEARN = "https://learn.microsoft.com/azure"

EMBEDDED_POSTGRES = 18
"""Of which version the server on a laptop is, whatever is asked for: docs/laptop.md."""

BUILT_IN_INSTEAD = frozenset({"uuid-ossp", "pgcrypto", "pg_stat_statements"})
"""Extensions that a laptop does without: docs/laptop.md. Of all others but vector it refuses to start."""

WITHOUT_TWIN: tuple[type[Part], ...] = (Queue, Documents, Sandbox, Temporal)
"""What a laptop refuses to start with: docs/laptop.md."""


def _used(plan: Plan, *kinds: type[Part]) -> list[Part]:
    """The parts of these kinds that a process uses, as they were written."""
    used = {each.name for process in plan.of(Process) for each in uses_of(process)}
    return [each for each in plan.parts if isinstance(each, kinds) and each.name in used]


def _names(parts: Iterable[Part]) -> str:
    return ", ".join(each.name for each in parts)


@rule(
    "laptop-postgres-version",
    severity="note",
    family="surprises",
    title="PostgreSQL is of another version on a laptop than on Azure",
    why="What the newer one knows, and plans that it makes otherwise, are seen there alone.",
    source="https://www.postgresql.org/docs/release/",
    bad="""
from seatrial import System

shop = System("shop")
shop.postgres("orders", version=16)
""",
    good="""
from seatrial import System

shop = System("shop")
shop.postgres("orders", version=18)
""",
)
def laptop_postgres_version(case: Case) -> Iterator[Found]:
    others = [each for each in case.plan.of(Postgres) if each.version != EMBEDDED_POSTGRES]
    if others:
        versions = " and ".join(dict.fromkeys(str(each.version) for each in others))
        yield Found(
            part=others[0],
            what=f"PostgreSQL {versions} on Azure ({_names(others)}), {EMBEDDED_POSTGRES} on a laptop"
            f"{tried(case, 'laptop-postgres-version')}",
            fix=f"version={EMBEDDED_POSTGRES}",
        )


@rule(
    "laptop-extension",
    severity="note",
    family="surprises",
    title="The database of a laptop lacks an extension",
    why="The embedded PostgreSQL has vector alone; what needs another is tried on Azure first.",
    source=f"{LEARN}/postgresql/extensions/concepts-extensions-versions",
    bad="""
from seatrial import System

shop = System("shop")
shop.postgres("orders", extensions=["vector", "postgis"])
""",
    good="""
from seatrial import System

shop = System("shop")
shop.postgres("orders", extensions=["vector"])
""",
)
def laptop_extension(case: Case) -> Iterator[Found]:
    for part in case.plan.of(Postgres):
        missing = [each for each in part.extensions if each != "vector"]
        needed = [each for each in missing if each not in BUILT_IN_INSTEAD]
        if missing:
            without = f"it goes without {', '.join(missing)} there"
            refused = f"`seatrial up` refuses to start with {', '.join(needed)}"
            yield Found(
                part=part,
                what=(refused if needed else without) + tried(case, "laptop-extension"),
                fix=f"extensions={[each for each in part.extensions if each not in missing]!r}"
                " in a variant for the laptop"
                if needed
                else "gen_random_uuid() and sha256() of PostgreSQL itself",
                severity="warning" if needed else None,
            )


@rule(
    "laptop-sign-in",
    severity="note",
    family="surprises",
    title="Who asks a store shows a password or nothing on a laptop, and a token on Azure",
    why="A token ends after an hour or so and must be renewed, and all goes by TLS: neither is so at home.",
    source=f"{LEARN}/postgresql/security/security-entra-concepts",
    bad="""
from seatrial import System

shop = System("shop")
orders = shop.postgres("orders")
shop.service("api", "serve", port=8000, uses=[orders])
""",
    good="""
from seatrial import System

shop = System("shop")
shop.service("api", "serve", port=8000)
""",
)
def laptop_sign_in(case: Case) -> Iterator[Found]:
    stores = [
        each
        for each in _used(case.plan, Postgres, Blobs, Cache, Queue, Documents)
        if not (isinstance(each, Postgres) and each.sign_in == "password")
    ]
    if stores:
        yield Found(
            what=f"{_names(stores)}: opened by the token of an identity over TLS on Azure, not on a laptop"
            f"{tried(case, 'laptop-sign-in')}",
            fix="database and blobs of seatrial_kit, which know both; a test with an endpoint for tokens",
        )


@rule(
    "laptop-blobs-are-files",
    severity="note",
    family="surprises",
    title="Blobs are files on a laptop",
    why="A folder cannot hold a and a/b, may not tell A from a, knows no leases, conditions or time limits.",
    source=f"{LEARN}/storage/blobs/concurrency-manage",
    bad="""
from seatrial import System

shop = System("shop")
photos = shop.blobs("photos")
shop.service("api", "serve", port=8000, uses=[photos])
""",
    good="""
from seatrial import System

shop = System("shop")
photos = shop.blobs("photos")
shop.service("api", "serve", port=8000)
""",
)
def laptop_blobs_are_files(case: Case) -> Iterator[Found]:
    blobs = _used(case.plan, Blobs)
    if blobs:
        yield Found(
            part=blobs[0],
            what=f"{_names(blobs)}: on a laptop a folder, on Azure blobs"
            f"{tried(case, 'laptop-blobs-are-files')}",
            fix="names in lower case, none of them the beginning of another's path, and no appending",
        )


@rule(
    "laptop-lacks",
    severity="warning",
    family="surprises",
    title="The system cannot be started on a laptop",
    why="Queues, documents, sandboxes and Temporal have no twin there: all that is seen of them is on Azure.",
    source=f"{LEARN}/well-architected/operational-excellence/workload-development",
    bad="""
from seatrial import System

shop = System("shop")
orders = shop.queue("orders")
shop.worker("pack", "pack", replicas=(1, 1), receives=[orders])
""",
    good="""
from seatrial import System

shop = System("shop")
orders = shop.postgres("orders")
shop.worker("pack", "pack", replicas=(1, 1), uses=[orders])
""",
)
def laptop_lacks(case: Case) -> Iterator[Found]:
    lacking = [each for each in case.plan.parts if isinstance(each, WITHOUT_TWIN)]
    if lacking:
        yield Found(
            part=lacking[0],
            what=f"`seatrial up` refuses: {_names(lacking)}",
            fix='laptop = system.variant("laptop"), and in it without(…) these and change(…) who uses them',
        )


@rule(
    "laptop-cache",
    severity="note",
    family="surprises",
    title="Redis is one open server on a laptop, and Managed Redis with TLS and identity on Azure",
    why="There the password is a token, and larger caches refuse commands over keys of two shards.",
    source=f"{LEARN}/redis/architecture",
    bad="""
from seatrial import System

shop = System("shop")
carts = shop.cache("carts", memory="1 GiB")
shop.service("api", "serve", port=8000, uses=[carts])
""",
    good="""
from seatrial import System

shop = System("shop")
shop.service("api", "serve", port=8000)
""",
)
def laptop_cache(case: Case) -> Iterator[Found]:
    caches = _used(case.plan, Cache)
    if caches:
        yield Found(
            part=caches[0],
            what=f"{_names(caches)}: redis:// on a laptop, rediss:// and a token on Azure"
            f"{tried(case, 'laptop-cache')}",
            fix="redis-entraid for the token; keys that are used together with one {tag}",
        )


@rule(
    "laptop-model",
    severity="note",
    family="surprises",
    title="A model is asked on Azure and, as a rule, not on a laptop",
    why="Without a key a laptop goes without; on Azure each request asks it, waits for it and pays.",
    source=f"{LEARN}/ai-foundry/openai/how-to/managed-identity",
    bad="""
from seatrial import System

shop = System("shop")
words = shop.model_api("words", model="gpt-5.1", needed=False)
shop.service("api", "serve", port=8000, uses=[words])
""",
    good="""
from seatrial import System

shop = System("shop")
shop.service("api", "serve", port=8000)
""",
)
def laptop_model(case: Case) -> Iterator[Found]:
    models = [each for each in _used(case.plan, ModelApi) if isinstance(each, ModelApi)]
    if models:
        variable = f"{models[0].name.upper().replace('-', '_')}_URL"
        needed = all(each.needed for each in models)
        here = "by key" if needed else f"only where {variable} is set"
        yield Found(
            part=models[0],
            what=f"{_names(models)}: on a laptop {here}; on Azure always, by identity, so much a minute"
            f"{tried(case, 'laptop-model')}",
            fix=f"a test with {variable} set to a server that answers 429 and late",
        )


@rule(
    "laptop-replica-lag",
    severity="note",
    family="surprises",
    title="Read replicas lag, and a laptop has none",
    why="What was just written is not yet there for who reads from a replica; on one server it always is.",
    source=f"{LEARN}/postgresql/read-replica/concepts-read-replicas",
    bad="""
from seatrial import System

shop = System("shop")
shop.postgres("orders", replicas=1)
""",
    good="""
from seatrial import System

shop = System("shop")
shop.postgres("orders")
""",
)
def laptop_replica_lag(case: Case) -> Iterator[Found]:
    for part in case.plan.of(Postgres):
        if part.replicas:
            yield Found(
                part=part,
                what=f"{one_or_more(part.replicas, 'read replica')} on Azure, none on a laptop"
                f"{tried(case, 'laptop-replica-lag')}",
                fix="what reads its own writes asks the server itself",
            )


@rule(
    "laptop-secret-in-env-file",
    severity="note",
    family="surprises",
    title="Secrets come from a file on a laptop, and out of the vault on Azure",
    why="There somebody gives each value at the first deployment, and it is another than on a laptop.",
    source=f"{LEARN}/container-apps/manage-secrets",
    bad="""
from seatrial import System

shop = System("shop")
key = shop.secret("mail-key")
shop.service("api", "serve", port=8000, uses=[key])
""",
    good="""
from seatrial import System

shop = System("shop")
shop.service("api", "serve", port=8000)
""",
)
def laptop_secret_in_env_file(case: Case) -> Iterator[Found]:
    """Of those that a system works without too: nothing of them is deployed, and so the path is another."""
    secrets = [each for each in _used(case.plan, Secret) if isinstance(each, Secret)]
    if secrets:
        absent = [each for each in secrets if not each.needed]
        more = f"; {_names(absent)} not deployed at all" if absent else ""
        yield Found(
            part=secrets[0],
            what=f"{_names(secrets)}: from .env on a laptop, out of the vault on Azure{more}"
            f"{tried(case, 'laptop-secret-in-env-file')}",
            fix=f"a test without {secrets[0].variable}: it says what is missing, and shows no value",
        )
