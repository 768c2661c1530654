"""DBOS on the store's own PostgreSQL: workflows that go on where a killed worker left them.

A worker has a slot: the smallest number that no other living worker has, held by an advisory lock that
PostgreSQL releases when the worker is gone. The slot is the executor id, so whoever starts next takes the
dead worker's slot and finishes its workflows; those of a slot that stays empty any other worker adopts.
"""

from __future__ import annotations

import itertools
import logging
from datetime import UTC, datetime, timedelta

import psycopg
from dbos import DBOS, DBOSConfig
from seatrial_kit.database import Row, connector
from seatrial_kit.errors import Failure

__all__ = ["VERSION", "adopt_orphans", "finish_what_was_begun", "forget_old_workflows", "launch", "take_slot"]

log = logging.getLogger(__name__)

VERSION = "1"
"""Of the workflows: raise it when their steps change. Workflows of another version are not resumed; what
they had claimed comes back when its lease ends."""

_SLOTS, _STARTING = 0x0D0C_0001, 0x0D0C_0002
_KEPT = timedelta(days=1)


def take_slot(connection: psycopg.Connection[Row]) -> tuple[int, bool]:
    """This worker's number, its own while the (autocommitting) connection lives, and whether it is alone."""
    connection.execute("select pg_advisory_lock(%s, 0)", [_STARTING])
    try:
        others = connection.execute(
            "select count(*) from pg_locks where locktype = 'advisory' and classid = %s"
            " and database = (select oid from pg_database where datname = current_database())",
            [_SLOTS],
        ).fetchone()
        for slot in itertools.count():
            taken = connection.execute("select pg_try_advisory_lock(%s, %s)", [_SLOTS, slot]).fetchone()
            if taken == (True,):
                return slot, others == (0,)
    finally:
        connection.execute("select pg_advisory_unlock(%s, 0)", [_STARTING])
    raise AssertionError("unreachable")


def launch(url: str, slot: int) -> None:
    """Start DBOS, which begins to resume this slot's workflows. All of them must be registered by now.

    Nothing is sent anywhere: no conductor, no telemetry.
    """
    config: DBOSConfig = {
        "name": "doctrove-enrichment",
        "system_database_url": url,
        "db_engine_kwargs": {"creator": connector(url, name="dbos_transact")},
        "dbos_system_schema": "dbos",
        "application_version": VERSION,
        "executor_id": f"enrichment-{slot}",
        "sys_db_pool_size": 4,
        "enable_otlp": False,
        "notification_listener_polling_interval_sec": 0.05,
        "log_level": "WARNING",
        "console_log_level": "WARNING",
    }
    DBOS(config=config)
    DBOS.launch()
    logging.getLogger("dbos").handlers.clear()  # ours shows its lines already


def finish_what_was_begun(name: str, instance: str) -> None:
    """Wait for the resumed workflows of this name and this slot.

    Those of another instance (another model, which this worker was not started with) cannot go on: they are
    cancelled.
    """
    begun = DBOS.list_workflows(
        status="PENDING", executor_id=DBOS.executor_id, app_version=VERSION, load_input=False
    )
    for status in begun:
        if status.config_name != instance:
            DBOS.cancel_workflow(status.workflow_id)
        elif status.name == name:
            _wait_for(status.workflow_id, name)


def _wait_for(workflow_id: str, name: str) -> None:
    try:
        DBOS.retrieve_workflow(workflow_id).get_result(polling_interval_sec=0.05)
    except Failure as failure:
        log.warning("resumed %s: %s", name, failure)


def adopt_orphans(connection: psycopg.Connection[Row], slot: int, instance: str) -> int:
    """Take up the workflows of workers that are gone and have no successor; how many."""
    adopted = 0
    for status in DBOS.list_workflows(status="PENDING", app_version=VERSION, load_input=False):
        owner = int((status.executor_id or "-0").rpartition("-")[2])
        if owner == slot or status.config_name != instance:
            continue
        free = connection.execute("select pg_try_advisory_lock(%s, %s)", [_SLOTS, owner]).fetchone()
        if free == (True,):  # so its worker is dead; and none may start in its place at this moment
            try:
                DBOS.resume_workflow(status.workflow_id)
                adopted += 1
            finally:
                connection.execute("select pg_advisory_unlock(%s, %s)", [_SLOTS, owner])
    return adopted


def forget_old_workflows() -> None:
    """Delete what is known of workflows that ended more than a day ago; a thousand at a time."""
    before = (datetime.now(UTC) - _KEPT).isoformat()
    ended = DBOS.list_workflows(
        status=["SUCCESS", "ERROR", "CANCELLED"],
        end_time=before,
        limit=1000,
        load_input=False,
        load_output=False,
    )
    if ended:
        DBOS.delete_workflows([status.workflow_id for status in ended])
