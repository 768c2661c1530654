"""What could be cheaper about what keeps data, and about models."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.regions import has_zones
from seatrial.bill.savings.change import COMFORT, RESILIENCE, SECURITY, Change, offered
from seatrial.bill.savings.promises import recovery_of, to_prove_again
from seatrial.model import Blobs, Cache, Documents, Duration, ModelApi, Plan, Size

__all__ = ["of_blobs", "of_cache", "of_documents", "of_model_api"]

_SMALLEST_REDIS = Size.parse("0.5 GiB")
_DAY = Duration.parse("1 day")


# -- blobs ----------------------------------------------------------------------------------------------


def of_blobs(part: Blobs, plan: Plan) -> Iterator[Change]:
    yield from _cooler(part, plan)
    yield from _copies(part, plan)


def _cooler(part: Blobs, plan: Plan) -> Iterator[Change]:
    """Cooler tiers sooner.

    Sources: https://learn.microsoft.com/azure/storage/blobs/access-tiers-overview and
    https://learn.microsoft.com/azure/storage/blobs/archive-rehydrate-overview
    """
    month, quarter = _DAY * 30, _DAY * 90
    if part.cool_after is None or part.cool_after > month:
        yield offered(
            part,
            plan,
            what=f"What is older than 30 days in {part.name} is kept cool",
            gives_up="Reading it costs more, and what is deleted within 30 days of that is paid for all 30",
            weight=COMFORT,
            cool_after=month,
        )
    if part.archive_after is None or part.archive_after > quarter:
        yield offered(
            part,
            plan,
            what=f"What is older than 90 days in {part.name} goes to the archive",
            gives_up="It cannot be read before it has been brought back, which takes up to 15 h; what is "
            "deleted within 180 days of that is paid for all 180",
            weight=RESILIENCE,
            archive_after=quarter,
        )


def _copies(part: Blobs, plan: Plan) -> Iterator[Change]:
    """Source: https://learn.microsoft.com/azure/storage/common/storage-redundancy"""
    far = part.copies in ("regions", "zones and regions")
    breaks = recovery_of(plan, part) if far else ()
    lost = "When the region is lost, so is what is kept" if far else "A zone that fails takes it away"
    if part.copies != "one zone":
        yield offered(
            part,
            plan,
            what=f"Copies of {part.name} in one zone only",
            gives_up=lost + (", and a zone that fails takes it away" if far else ""),
            weight=RESILIENCE,
            breaks=tuple(f"{each}, when the region is lost" for each in breaks),
            copies="one zone",
        )
    if far and has_zones(plan.region):
        yield offered(
            part,
            plan,
            what=f"Copies of {part.name} in the zones of one region",
            gives_up=lost,
            weight=RESILIENCE,
            breaks=tuple(f"{each}, when the region is lost" for each in breaks),
            copies="zones",
        )


# -- cache, documents, models ---------------------------------------------------------------------------


def of_cache(part: Cache, plan: Plan) -> Iterator[Change]:
    """Source: https://learn.microsoft.com/azure/reliability/reliability-managed-redis"""
    if part.highly_available:
        yield offered(
            part,
            plan,
            what=f"No second node for {part.name}",
            gives_up="When its node fails or is maintained, all that it holds is lost, and whoever uses it "
            "is without it until another stands",
            weight=RESILIENCE,
            highly_available=False,
        )
    half = Size(part.memory.bytes // 2)
    if half >= _SMALLEST_REDIS:
        yield offered(
            part,
            plan,
            what=f"Half the memory for {part.name}: {half}",
            gives_up="Less is found in the cache, and more asked of what is behind it"
            f"{to_prove_again(plan, part)}",
            weight=COMFORT,
            memory=half,
        )


def of_documents(part: Documents, plan: Plan) -> Iterator[Change]:
    """Sources: https://learn.microsoft.com/azure/cosmos-db/serverless,
    https://learn.microsoft.com/azure/cosmos-db/provision-throughput-autoscale and
    https://learn.microsoft.com/azure/cosmos-db/continuous-backup-restore-introduction
    """
    again = to_prove_again(plan, part)
    if part.throughput is None:
        yield offered(
            part,
            plan,
            what=f"1,000 request units a second for {part.name}, instead of paying by the request",
            gives_up=f"What asks for more than 1,000 in a second is refused for the moment; now 5,000{again}",
            weight=RESILIENCE,
            throughput=1000,
        )
    else:
        yield offered(
            part,
            plan,
            what=f"{part.name} paid by the request, instead of for {part.throughput:,} units a second",
            gives_up="More than 5,000 request units in a second are refused for the moment, and it stays "
            f"in one region{again}",
            weight=RESILIENCE,
            throughput=None,
        )
        half = part.throughput // 2 // 1000 * 1000
        if half:
            yield offered(
                part,
                plan,
                what=f"{half:,} request units a second for {part.name}",
                gives_up="What asks for more in a second is refused for the moment; now "
                f"{part.throughput:,}{again}",
                weight=RESILIENCE,
                throughput=half,
            )
    if part.backup == "30 days":
        yield offered(
            part,
            plan,
            what=f"Backups of {part.name} for 7 days",
            gives_up="What was lost or spoiled more than 7 days ago cannot be brought back; now 30 days",
            weight=RESILIENCE,
            backup="7 days",
        )


def of_model_api(part: ModelApi, plan: Plan) -> Iterator[Change]:
    """Source: https://learn.microsoft.com/azure/ai-foundry/foundry-models/concepts/deployment-types"""
    if part.worked_on != "anywhere":
        where = "the data zone" if part.worked_on == "data zone" else "the region"
        yield offered(
            part,
            plan,
            what=f"What {part.name} is asked may be worked on anywhere",
            gives_up=f"What is sent to the model leaves {where}",
            weight=SECURITY,
            worked_on="anywhere",
        )
