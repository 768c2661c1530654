"""The whole of a plan, compiled."""

from __future__ import annotations

import pytest

from seatrial import System
from seatrial.azure.compile import graph
from seatrial.azure.errors import Refused


def test_everything_that_azure_would_refuse_is_told_at_once() -> None:
    ship = System("ship", region="westus")  # has no zones
    ship.blobs("old", archive_after="90 days", copies="zones")
    store = ship.postgres("store", cores=1, memory="2 GiB", standby="same zone")
    ship.service("api", "serve", port=8000, cpu=16, memory="64 GiB", uses=[store])

    with pytest.raises(Refused) as refused:
        graph(ship.plan())

    assert {trouble.part for trouble in refused.value.troubles} == {"old", "store", "api"}


@pytest.mark.parametrize("word", ["network", "registry", "logs", "contact", None])
def test_a_system_of_next_to_nothing_names_nothing_that_is_not_there(word: str | None) -> None:
    ship = System("ship")
    if word is not None:
        getattr(ship, word)("only")

    made = graph(ship.plan())

    assert not [need for each in made.resources for need in each.needs if need not in made.by_ref]


def test_two_parts_whose_names_meet_on_azure_are_told_by_the_names_that_meet() -> None:
    ship = System("ship")
    papers = ship.postgres("papers", migrate="migrate")
    ship.job("papers-migrate", "move", uses=[papers])

    with pytest.raises(Refused) as refused:
        graph(ship.plan())

    told = [trouble.what for trouble in refused.value.troubles]
    assert any("Microsoft.App/jobs are called papers-migrate" in what for what in told)
    assert not any("roleAssignments" in what for what in told)
