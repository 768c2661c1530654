"""The roles of a database whose users sign in by identity; made by the job that migrates it.

* `<database>_owner` owns all there is and may make more. Who has all rights is a member of it, and becomes it
  when it connects (see `database`): else a table that one process makes would be closed to the others, and
  only its owner may attach a partition.
* `<database>_reader` may select. Who only reads is a member of it.
* `scaler` signs in by password and may select from the tables in which work waits, for KEDA has no other way.

An identity's own role is made by Azure's `pgaadauth_create_principal_with_oid`, which only the database
`postgres` has: https://learn.microsoft.com/azure/postgresql/security/security-manage-entra-users
By its object id, for two systems of one tenant may have identities of one name. Elsewhere it is an ordinary
role that signs in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import LiteralString, Self

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from pydantic import SecretStr

from seatrial_kit.database import Row, connect
from seatrial_kit.errors import Failure

__all__ = ["SCALER", "CannotMakeRoles", "Wanted", "make"]

SCALER = "scaler"

_LONGEST_NAME = 63
"""Bytes; PostgreSQL cuts a longer name, and then it is another's."""


class CannotMakeRoles(Failure):
    """What is wanted cannot be read, or this user may not give it."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Who is let in, and how far."""

    all: tuple[str, ...] = ()
    """The names of identities that read, write, and make tables."""
    reads: tuple[str, ...] = ()
    object_ids: Mapping[str, str] = field(default_factory=dict)
    """Of these identities, by name: their principals in Microsoft Entra."""
    scaler_password: SecretStr | None = field(default=None, repr=False)
    counts: tuple[str, ...] = ()
    """The tables that `scaler` may select from."""

    @classmethod
    def parse(
        cls, roles: str | None, *, scaler_password: SecretStr | None = None, counts: Sequence[str] = ()
    ) -> Self | None:
        """From `api-identity:<object id>=all,report-identity:<object id>=reads`, where an id may be missing.

        None when nobody signs in by identity.

        Raises:
            CannotMakeRoles: says which entry is wrong.
        """
        if roles is None:
            return None
        named: dict[str, list[str]] = {"all": [], "reads": []}
        object_ids: dict[str, str] = {}
        for entry in filter(None, (each.strip() for each in roles.split(","))):
            who, _, use = entry.rpartition("=")
            name, _, object_id = who.partition(":")
            if not name or use not in named:
                raise CannotMakeRoles(
                    f"{entry!r} says no role", hint="name:object-id=all or name:object-id=reads, and commas"
                )
            if object_id:
                object_ids[name] = object_id
            if len(name.encode()) > _LONGEST_NAME:
                raise CannotMakeRoles(
                    f"{name} is longer than {_LONGEST_NAME} bytes", hint="give the identity a shorter name"
                )
            named[use].append(name)
        return cls(
            all=tuple(named["all"]),
            reads=tuple(named["reads"]),
            object_ids=object_ids,
            scaler_password=scaler_password,
            counts=tuple(counts),
        )


def make(connection: psycopg.Connection[Row], url: str, wanted: Wanted) -> None:
    """Bring the roles to what is wanted; a second time changes nothing. `connection`, to `url`, autocommits.

    What the migrations made becomes the owner's. Who had a right from here and is no longer named loses it.

    Raises:
        CannotMakeRoles: this user may not do that; nobody's rights were changed then.
    """
    database, me, schema = _here(connection)
    owner, reader = f"{database}_owner", f"{database}_reader"
    if len(reader.encode()) > _LONGEST_NAME:
        raise CannotMakeRoles(f"{reader}: too long for a role", hint="give the database a shorter name")
    with _explained(me):
        for name in (owner, reader):
            if not _exists(connection, name):
                _run(connection, "create role {} nologin", name)
        for name in (*wanted.all, *wanted.reads):
            if name != me and not _exists(connection, name):
                _make_identity(connection, url, name, wanted.object_ids.get(name))
        with connection.transaction():
            _own(connection, owner, me, database, schema)
            _read(connection, reader, owner, schema)
            _belong(connection, owner, {*wanted.all} - {me})
            _belong(connection, reader, {*wanted.reads})
            if wanted.scaler_password is not None:
                _count(connection, wanted.counts, owner, schema)
        if wanted.scaler_password is not None:
            _let_sign_in(connection, url, wanted.scaler_password.get_secret_value())


# -- who owns, who reads, who counts --------------------------------------------------------------------

_LACKING = """
select array_remove(array[
    case when not has_database_privilege(%(owner)s, %(database)s, 'create') then 'the database' end,
    case when not has_schema_privilege(%(owner)s, %(schema)s, 'create') then 'its schema' end
], null)
"""


def _own(connection: psycopg.Connection[Row], owner: str, me: str, database: str, schema: str) -> None:
    """Let the owner make things here, and have what the migrations made."""
    if connection.execute("select pg_has_role(%s, %s, 'usage')", [me, owner]).fetchone() == (False,):
        _run(connection, "grant {} to {}", owner, me)
    _run(connection, "grant create on database {} to {}", database, owner)
    _run(connection, "grant usage, create on schema {} to {}", schema, owner)
    given = {"owner": owner, "database": database, "schema": schema}
    row = connection.execute(_LACKING, given).fetchone()
    if row and row[0]:  # who may not grant is only warned
        raise CannotMakeRoles(
            f"{me} may not let {owner} create in {' and '.join(row[0])}",
            hint=f"let {me} own the database, or be a member of the role that does",
        )
    _run(connection, "reassign owned by {} to {}", me, owner)


def _read(connection: psycopg.Connection[Row], reader: str, owner: str, schema: str) -> None:
    """Let the reader see what the owner has in the schema, and what it will have."""
    _run(connection, "grant usage on schema {} to {}", schema, reader)
    tables = _tables(connection, owner, schema)
    if tables:
        _run(connection, f"grant select on {_places(tables)} to {{}}", *tables, reader)
    future = "alter default privileges for role {} in schema {} grant select on tables to {}"
    _run(connection, future, owner, schema, reader)


def _count(connection: psycopg.Connection[Row], counts: Sequence[str], owner: str, schema: str) -> None:
    """Let `scaler` select from what it counts, and from nothing else that is the owner's."""
    if not _exists(connection, SCALER):
        _run(connection, "create role {} login", SCALER)
    _run(connection, "grant usage on schema {} to {}", schema, SCALER)
    tables = _tables(connection, owner, schema)
    if missing := sorted(set(counts) - set(tables)):
        raise CannotMakeRoles(
            f"there is no table {', '.join(missing)} to count in", hint="say which tables hold waiting work"
        )
    for table in tables:
        if table not in counts and _may_read(connection, SCALER, schema, table):
            _run(connection, "revoke all on {} from {}", table, SCALER)
    if counts:
        _run(connection, f"grant select on {_places(counts)} to {{}}", *counts, SCALER)


_MEMBERS = """
select m.rolname, bool_or(g.rolname = current_user)
  from pg_auth_members a
  join pg_roles r on r.oid = a.roleid join pg_roles m on m.oid = a.member join pg_roles g on g.oid = a.grantor
 where r.rolname = %s and m.rolname <> current_user group by m.rolname
"""


def _belong(connection: psycopg.Connection[Row], group: str, wanted: set[str]) -> None:
    """Let these into a group and put out who else came in by us; whom others let in stays."""
    members: dict[str, bool] = dict(connection.execute(_MEMBERS, [group]).fetchall())
    for name in sorted(wanted - members.keys()):
        _run(connection, "grant {} to {}", group, name)
    for name in sorted(name for name, by_us in members.items() if by_us and name not in wanted):
        _run(connection, "revoke {} from {}", group, name)


# -- who signs in ---------------------------------------------------------------------------------------

_OF_AZURE = "select to_regproc('pgaadauth_create_principal')"
_BY_NAME = "select pgaadauth_create_principal(%s::text, false, false)"
_BY_ID = "select pgaadauth_create_principal_with_oid(%s::text, %s::text, 'service', false, false)"


def _make_identity(connection: psycopg.Connection[Row], url: str, name: str, object_id: str | None) -> None:
    """The role of a managed identity: no administrator, no second factor."""
    beside = make_conninfo(url, dbname="postgres")
    with connect(beside, name="roles", autocommit=True, as_owner=False) as azure:
        if azure.execute(_OF_AZURE).fetchone() == (None,):
            _run(connection, "create role {} login", name)
        elif object_id is None:
            azure.execute(_BY_NAME, [name])
        else:
            azure.execute(_BY_ID, [name, object_id])


def _let_sign_in(connection: psycopg.Connection[Row], url: str, password: str) -> None:
    """Give `scaler` its password, unless it has it. It goes over as a hash, so no log can tell it."""
    try:
        psycopg.connect(make_conninfo(url, user=SCALER, password=password), connect_timeout=10).close()
    except psycopg.OperationalError:
        hashed = connection.pgconn.encrypt_password(password.encode(), SCALER.encode()).decode()
        statement = sql.SQL("alter role {} login password {}").format(
            sql.Identifier(SCALER), sql.Literal(hashed)
        )
        connection.execute(statement)


# -- what is asked and said -----------------------------------------------------------------------------


def _here(connection: psycopg.Connection[Row]) -> tuple[str, str, str]:
    row = connection.execute("select current_database(), current_user, current_schema()").fetchone()
    assert row is not None
    return row[0], row[1], row[2]


def _exists(connection: psycopg.Connection[Row], role: str) -> bool:
    return connection.execute("select from pg_roles where rolname = %s", [role]).fetchone() is not None


def _tables(connection: psycopg.Connection[Row], owner: str, schema: str) -> list[str]:
    found = connection.execute(
        "select c.relname from pg_class c join pg_roles r on r.oid = c.relowner"
        " join pg_namespace n on n.oid = c.relnamespace"
        " where r.rolname = %s and n.nspname = %s and c.relkind in ('r', 'p', 'v', 'm') order by 1",
        [owner, schema],
    )
    return [name for (name,) in found]


def _may_read(connection: psycopg.Connection[Row], role: str, schema: str, table: str) -> bool:
    asked = "select has_table_privilege(%s, format('%%I.%%I', %s::text, %s::text), 'select')"
    return connection.execute(asked, [role, schema, table]).fetchone() == (True,)


def _run(connection: psycopg.Connection[Row], statement: LiteralString, *names: str) -> None:
    """A statement with names in its places."""
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _places(names: Sequence[str]) -> LiteralString:
    return ", ".join("{}" for _ in names)


@contextmanager
def _explained(me: str) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as exc:
        may_not = f"{me} needs the right to create roles, and to be the one who made these"
        denied = isinstance(exc, psycopg.errors.InsufficientPrivilege)
        raise CannotMakeRoles(
            exc.diag.message_primary or str(exc).strip(),
            hint=may_not if denied else exc.diag.message_hint or "what was done is left; run it again",
        ) from exc
