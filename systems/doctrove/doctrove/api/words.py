"""Search by words: PostgreSQL's full text, and what is called exactly as asked comes first."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from doctrove.api.filters import Filter, on_papers
from doctrove.api.shared import Connection

__all__ = ["RANKED", "WordHit", "WordHits", "excerpts", "matching"]

RANKED = 5_000
"""Matches that are ranked. A word that stands in more documents than this tells little about any of them, and
ranking them all would take longer than a person waits."""

_EXCERPT = (
    'StartSel=\ue000, StopSel=\ue001, MaxWords=32, MinWords=16, MaxFragments=2, FragmentDelimiter=" … "'
)
_READ_FOR_EXCERPT = 8_000


@dataclass(frozen=True, kw_only=True)
class WordHit:
    id: int
    score: float


@dataclass(frozen=True, kw_only=True)
class WordHits:
    """The best first, and whether there were more matches than are ranked."""

    hits: tuple[WordHit, ...]
    too_many: bool


async def matching(
    connection: Connection, text: str, chosen: Filter, map_id: int | None, *, limit: int
) -> WordHits:
    """The documents that hold these words (web search syntax) and meet the filter."""
    condition = on_papers(chosen, map_id)
    statement = sql.SQL(
        "with asked as materialized (select websearch_to_tsquery('english', %(q)s) as query),"
        " found as (select p.id, p.title, p.words from papers p"
        "  where p.words @@ (select query from asked) and {meets} limit %(ranked)s)"
        " select id, ts_rank_cd(words, (select query from asked), 1) as score,"
        "  count(*) over () as matches from found"
        " order by lower(title) = lower(%(title)s) desc, score desc, id limit %(limit)s"
    ).format(meets=condition.sql)
    values = {**condition.values, "q": text, "title": text.strip(), "ranked": RANKED + 1, "limit": limit}
    rows = await (await connection.execute(statement, values)).fetchall()
    return WordHits(
        hits=tuple(WordHit(id=row.id, score=row.score) for row in rows),
        too_many=bool(rows) and rows[0].matches > RANKED,
    )


async def excerpts(connection: Connection, text: str, ids: list[int]) -> dict[int, str]:
    """A passage of each document's text with the words marked by U+E000 and U+E001."""
    rows = await (
        await connection.execute(
            "select p.id, ts_headline('english',"
            "  translate(left(case when p.abstract = '' then p.title else p.abstract end, %(most)s),"
            "   %(marks)s, ''),"
            "  websearch_to_tsquery('english', %(q)s), %(how)s) as excerpt"
            " from papers p where p.id = any(%(ids)s)",
            {"q": text, "ids": ids, "how": _EXCERPT, "most": _READ_FOR_EXCERPT, "marks": "\ue000\ue001"},
        )
    ).fetchall()
    return {row.id: row.excerpt for row in rows}
