"""Will Azure take it: extensions of PostgreSQL, in a graph or in anybody's template."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.postgres_settings import LIBRARIES, LOADED
from seatrial.check.reading import text
from seatrial.check.rule import Found, thing_rule
from seatrial.check.rules.takes_postgres import VECTOR
from seatrial.check.rules.takes_postgres_server import SETTING, setting
from seatrial.check.thing import Thing, Things

BY_ENGINE = "https://learn.microsoft.com/azure/postgresql/extensions/concepts-extensions-by-engine"

_ALLOWED, _LOADED = "azure.extensions", "shared_preload_libraries"

_TABLE = """
    address_standardizer address_standardizer_data_us age amcheck anon auto_explain azure_ai azure_local_ai
    azure_storage bloom btree_gin btree_gist citext credcheck cube dblink dict_int dict_xsyn earthdistance
    fuzzystrmatch hll hstore hypopg intagg intarray ip4r isn lo login_hook ltree oracle_fdw orafce pageinspect
    pg_buffercache pg_cron pg_diskann pg_duckdb pg_failover_slots pg_freespacemap pg_hint_plan pg_ivm
    pg_partman pg_partman_bgw pg_prewarm pg_repack pg_squeeze pg_stat_statements pg_trgm pg_visibility pgaudit
    pgcrypto pglogical pgrouting pgrowlocks pgstattuple plpgsql plv8 postgis postgis_raster postgis_sfcgal
    postgis_tiger_geocoder postgis_topology postgres_fdw postgres_protobuf semver session_variable sslinfo
    tablefunc tdigest tds_fdw temporal_tables timescaledb topn tsm_system_rows tsm_system_time unaccent
    uuid-ossp vector wal2json
"""
_OFFERED = frozenset(_TABLE.split())
"""Source: https://learn.microsoft.com/azure/postgresql/extensions/concepts-extensions-by-engine (2026-06-08),
and one more that servers for models of their own have."""


@thing_rule(
    "postgres-vector-library",
    types=(SETTING,),
    severity="error",
    family="takes",
    title="The extension for vectors is to be loaded when the server starts",
    why="Nothing needs it there, and Azure's list of libraries lacks it: it is allowed, then created.",
    source=VECTOR,
    bad=setting(_LOADED, "pg_cron,vector"),
    good=setting(_ALLOWED, "vector"),
)
def postgres_vector_library(thing: Thing, things: Things) -> Iterator[Found]:
    if thing.called == _LOADED:
        libraries = _names(thing)
        if wrong := {"vector", "pgvector"} & libraries:
            yield Found(
                what=f"{wrong.pop()} is no library that a server loads",
                fix='"name": "…/azure.extensions", "value": "vector", then CREATE EXTENSION vector',
            )


_RIGHT_NAMES = {
    "pgvector": "vector",
    "pg_vector": "vector",
    "uuid_ossp": "uuid-ossp",
    "pgcron": "pg_cron",
    "pgpartman": "pg_partman",
    "pgtrgm": "pg_trgm",
    "timescale": "timescaledb",
}
"""Names under which extensions are known but not created."""


@thing_rule(
    "postgres-extension-name",
    types=(SETTING,),
    severity="error",
    family="takes",
    title="A server is to allow an extension that Azure does not offer",
    why="Nobody can bring an extension of their own: Azure refuses the whole list that names one.",
    source=BY_ENGINE,
    bad=setting(_ALLOWED, "pgvector,uuid-ossp"),
    good=setting(_ALLOWED, "vector,uuid-ossp"),
)
def postgres_extension_name(thing: Thing, things: Things) -> Iterator[Found]:
    if thing.called != _ALLOWED:
        return
    for name in sorted(_names(thing) - _OFFERED):
        if right := _RIGHT_NAMES.get(name):
            yield Found(what=f"{name} is no extension's name", fix=f'"{right}"')
        else:
            yield Found(
                what=f"Azure offers no {name}", fix="one that `SHOW azure.extensions` offers, or none"
            )


@thing_rule(
    "postgres-extension-library",
    types=(SETTING,),
    severity="error",
    family="takes",
    title="An extension is allowed whose library the server does not load",
    why="CREATE EXTENSION fails, or does nothing of use, until the server has started with the library.",
    source=BY_ENGINE,
    bad=setting(_ALLOWED, "vector,timescaledb"),
    good=f"[{setting(_ALLOWED, 'vector,timescaledb')}, {setting(_LOADED, 'pg_cron,timescaledb')}]",
)
def postgres_extension_library(thing: Thing, things: Things) -> Iterator[Found]:
    """Whichever server a list of libraries belongs to, it counts; one that is not known counts as whole."""
    if thing.called != _ALLOWED:
        return
    lists = [each for each in things.of(SETTING) if each.called == _LOADED]
    if any(each.unknown("properties.value") for each in lists):
        return
    loaded = set(LOADED).union(*map(_names, lists))
    for name in sorted(_names(thing) & LIBRARIES.keys()):
        if LIBRARIES[name] not in loaded:
            libraries = ",".join((*LOADED, LIBRARIES[name]))
            yield Found(
                what=f"{name} is allowed, {LIBRARIES[name]} is not loaded",
                fix=f'"name": "…/{_LOADED}", "value": "{libraries}", and a restart',
            )


def _names(thing: Thing) -> set[str]:
    """The names in a setting that is a list."""
    return {each.strip().lower() for each in text(thing, "properties.value").split(",")} - {""}
