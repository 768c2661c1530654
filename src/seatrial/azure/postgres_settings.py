"""How a PostgreSQL server is set, where that is not what Azure does by itself."""

from __future__ import annotations

from collections.abc import Mapping

from seatrial.model import Plan, Postgres, Temporal

__all__ = ["LIBRARIES", "LOADED", "settings"]

LIBRARIES: Mapping[str, str] = {
    "pg_partman": "pg_partman_bgw",
    **{
        name: name
        for name in (
            *("age", "anon", "auto_explain", "azure_storage", "credcheck", "pg_duckdb", "pg_hint_plan"),
            *("pg_ivm", "pg_partman_bgw", "pg_prewarm", "pg_squeeze", "pgaudit", "pglogical"),
            *("timescaledb", "wal2json"),
        )
    },
}
"""Extensions that work only with a library that the server loads when it starts. pgvector is none of them.

Source: https://learn.microsoft.com/azure/postgresql/extensions/concepts-extensions-by-engine (2026-06-08)
"""

LOADED = ("pg_cron", "pg_stat_statements")
"""Libraries that every server of Azure loads; a list that replaces Azure's has to name them again."""


def settings(part: Postgres, plan: Plan) -> Mapping[str, tuple[str, str]]:
    """Each setting's value, and what it is for. A new list of libraries counts from the next restart on."""
    said = {
        "require_secure_transport": ("on", "Refuses connections without TLS"),
        "ssl_min_protocol_version": ("TLSv1.2", "Refuses the older versions of TLS"),
    }
    if allowed := _extensions(part, plan):
        said["azure.extensions"] = (",".join(allowed), "The extensions that a database may create")
    if libraries := [LIBRARIES[each] for each in part.extensions if each in LIBRARIES]:
        loaded = ",".join(dict.fromkeys((*LOADED, *libraries)))
        said["shared_preload_libraries"] = (loaded, "What these extensions need from the server's start on")
    return said


def _extensions(part: Postgres, plan: Plan) -> tuple[str, ...]:
    """Those that are named, and the one that Temporal makes where it keeps its history.

    Source: https://github.com/temporalio/temporal/blob/main/schema/postgresql/v12/visibility/schema.sql
    """
    makes = ("btree_gin",) if any(each.history == part for each in plan.of(Temporal)) else ()
    return tuple(dict.fromkeys((*part.extensions, *makes)))
