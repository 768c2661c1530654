"""What lasts on Azure: choices that stay as they were first made, and what happens instead of a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from seatrial.model import (
    ApiManagement,
    Blobs,
    Documents,
    FrontDoor,
    Network,
    NodePool,
    Part,
    Postgres,
    Process,
    Queue,
    Service,
    Temporal,
)
from seatrial.model.value import Value

__all__ = ["IN_PLACE", "Verdict", "kept", "verdict"]


class Verdict(Value, kw_only=False):
    """Whether Azure changes something where it stands, and what happens."""

    in_place: bool
    why: str
    source: str


class Lasting(Value, kw_only=False):
    """One way of changing a field that Azure does not go."""

    when: Callable[[Any, Any], bool]
    """Whether the way from one value to the other is this one."""
    instead: str
    source: str


DOCS = "https://learn.microsoft.com/azure/"

IN_PLACE = Verdict(
    True,
    "the next deployment changes it where it stands",
    f"{DOCS}azure-resource-manager/templates/deployment-modes",
)

_REVISION = Verdict(
    True,
    "a new revision takes over from the old one",
    f"{DOCS}container-apps/revisions",
)


def _always(before: Any, after: Any) -> bool:
    return True


def _less(before: Any, after: Any) -> bool:
    return bool(after < before)


def _from_to(old: object, new: object) -> Callable[[Any, Any], bool]:
    return lambda before, after: (before, after) == (old, new)


def _one_is_none(before: Any, after: Any) -> bool:
    return (before is None) != (after is None)


_GOES_TOGETHER = ({"one zone", "regions"}, {"zones", "zones and regions"})
"""Ways of keeping copies between which a deployment may change."""

_FAMILIES = ({"consumption"}, {"developer", "premium"}, {"basic v2", "standard v2"})
"""Tiers of API Management between which it may move."""


def _apart(families: tuple[set[str], ...]) -> Callable[[Any, Any], bool]:
    return lambda before, after: not any({before, after} <= family for family in families)


def _other_kind(before: Any, after: Any) -> bool:
    return _kind(before) != _kind(after)


def _kind(host: Any) -> str:
    return host if isinstance(host, str) else type(host).__name__


_BACKUPS = f"{DOCS}postgresql/backup-restore/concepts-backup-restore"
_POOLS = f"{DOCS}aks/resize-node-pool"
_MOVED = "a new server is made, and the data moved to it by dump and restore"

LASTING: Mapping[tuple[type[Part], str], tuple[Lasting, ...]] = {
    (Postgres, "network"): (
        Lasting(
            _from_to("subnet", "private endpoint"),
            "no template can: `az postgres flexible-server migrate-network` moves the server, and never back",
            f"{DOCS}postgresql/network/concepts-networking-private-link",
        ),
        Lasting(_always, _MOVED, f"{DOCS}postgresql/network/concepts-networking-private-link"),
    ),
    (Postgres, "geo_backup"): (Lasting(_always, _MOVED, _BACKUPS),),
    (Postgres, "storage"): (
        Lasting(_less, f"a disk never shrinks: {_MOVED}", f"{DOCS}postgresql/extensions/concepts-storage"),
    ),
    (Postgres, "version"): (
        Lasting(
            _less,
            f"there is no way back to an older version: {_MOVED}",
            f"{DOCS}postgresql/configure-maintain/concepts-major-version-upgrade",
        ),
    ),
    (Blobs, "copies"): (
        Lasting(
            _apart(_GOES_TOGETHER),
            "no template can: `az storage account migration start` asks Azure to convert the account, which "
            "takes days, and is refused while anything is archived; or a new account is made, blobs copied",
            f"{DOCS}storage/common/redundancy-migration",
        ),
    ),
    (Queue, "duplicates_within"): (
        Lasting(
            _one_is_none,
            "a new queue is made; what waits in the old one has to be forwarded or drained",
            f"{DOCS}service-bus-messaging/service-bus-resource-manager-exceptions",
        ),
    ),
    (Queue, "topic"): (
        Lasting(
            _always,
            "a queue and a topic are two things: the other is made, and what waits in the first is drained",
            f"{DOCS}service-bus-messaging/service-bus-queues-topics-subscriptions",
        ),
    ),
    (Documents, "partition"): (
        Lasting(
            _always,
            "a new container is made, and the documents copied into it by a container copy job",
            f"{DOCS}cosmos-db/partitioning-overview",
        ),
    ),
    (Documents, "throughput"): (
        Lasting(
            lambda before, after: before is None,
            "no template can: the account is taken from serverless to throughput by hand, and never back",
            f"{DOCS}cosmos-db/how-to-change-capacity-mode",
        ),
        Lasting(
            lambda before, after: after is None,
            "a new account is made, and the documents copied into it",
            f"{DOCS}cosmos-db/how-to-change-capacity-mode",
        ),
    ),
    **{
        (kind, "host"): (
            Lasting(
                _other_kind,
                "it is made anew on the other host, at another address; the old one serves until deleted",
                f"{DOCS}azure-resource-manager/templates/deployment-modes",
            ),
        )
        for kind in (Process, Temporal)
    },
    (Network, "space"): (
        Lasting(
            _always,
            "addresses that are in use stay: the network and all that stands in it is made anew, data moved",
            f"{DOCS}virtual-network/manage-virtual-network",
        ),
    ),
    (Network, "subnets"): (
        Lasting(
            _always,
            "a subnet with anything in it keeps its addresses, and a Container Apps environment keeps its "
            "subnet for good: what stands in it is made anew",
            f"{DOCS}container-apps/custom-virtual-networks",
        ),
    ),
    (FrontDoor, "tier"): (
        Lasting(
            _from_to("premium", "standard"),
            "there is no way back from premium: a new profile is made, and names are pointed to it",
            f"{DOCS}frontdoor/tier-upgrade",
        ),
    ),
    (ApiManagement, "tier"): (
        Lasting(
            _apart(_FAMILIES),
            "a new gateway is made; subscriptions and their keys have to be moved, or given anew",
            f"{DOCS}api-management/upgrade-and-scale",
        ),
    ),
    **{
        (NodePool, field): (
            Lasting(_always, "a new pool is made, and pods move to it before the old one goes", _POOLS),
        )
        for field in ("machine", "spot", "isolated", "gpus")
    },
    (Temporal, "history"): (
        Lasting(
            _always,
            "runs stay in the old database: they have to end there, or are lost",
            "https://docs.temporal.io/self-hosted-guide/upgrade-server",
        ),
    ),
}
"""By kind of part and field; the first that fits counts. What is not here is changed in place."""

NOTES: Mapping[tuple[type[Part], str], Verdict] = {
    **{
        (Postgres, field): Verdict(
            True,
            "the server restarts, and is away for about a minute",
            f"{DOCS}postgresql/scale/how-to-scale-compute",
        )
        for field in ("cores", "memory")
    },
    (Postgres, "storage"): Verdict(
        True, "the disk grows while it serves", f"{DOCS}postgresql/extensions/concepts-storage"
    ),
    (Postgres, "version"): Verdict(
        True,
        "the server is upgraded where it stands, and is away for minutes; rehearse it on a restored copy",
        f"{DOCS}postgresql/configure-maintain/concepts-major-version-upgrade",
    ),
    (Postgres, "standby"): Verdict(
        True,
        "the standby is made or taken away while the server serves",
        f"{DOCS}postgresql/high-availability/concepts-high-availability",
    ),
    (Postgres, "extensions"): Verdict(
        True,
        "the list counts at once; a library that an extension needs, from the next restart on",
        f"{DOCS}postgresql/extensions/how-to-allow-extensions",
    ),
    (Service, "public"): Verdict(
        True,
        "its address changes: inside, its name has another form than outside",
        f"{DOCS}container-apps/ingress-overview",
    ),
}
"""What is worth knowing of changes that are made in place."""


def verdict(before: Part, after: Part, field: str) -> Verdict:
    """What becomes of a field of a part that is not as it was."""
    old, new = getattr(before, field), getattr(after, field)
    for kind in type(after).__mro__:
        for lasting in LASTING.get((kind, field), ()):
            if lasting.when(old, new):
                return Verdict(False, lasting.instead, lasting.source)
        if (kind, field) in NOTES:
            return NOTES[kind, field]
    if isinstance(after, Process) and after.hosted_by == "container apps":
        return _REVISION
    return IN_PLACE


def kept(part: Part) -> tuple[str, ...]:
    """The fields of a part that stay as they are first made, whichever way one would change them.

    Without those that may grow and only never shrink: a disk, a version.
    """
    return tuple(
        field
        for (kind, field), ways in LASTING.items()
        if isinstance(part, kind) and any(way.when is not _less for way in ways)
    )
