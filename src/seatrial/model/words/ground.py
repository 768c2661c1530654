"""The words for what all else stands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from seatrial.model.parts import Blobs, Logs, Network, Registry, RegistryTier, Tier
from seatrial.model.quantities import Duration, Size
from seatrial.model.words.making import Making

__all__ = ["GroundWords"]


class GroundWords(Making):
    """A system that says none of these has a network, a registry and logs all the same, with the defaults."""

    def network(
        self,
        name: str,
        *,
        space: str = "10.0.0.0/16",
        subnets: Mapping[Tier, str] | None = None,
        nat: bool = False,
        firewall: bool = False,
        reaches: Sequence[str] = (),
        bastion: bool = False,
        vpn: bool = False,
        administrators: Sequence[str] = (),
    ) -> Network:
        """The system's own network. In a second region it is the next one of the same size.

        Args:
            space: its addresses.
            subnets: addresses of some tiers; the others are laid out in what is left.
            nat: what runs inside goes out by one fixed address.
            firewall: what goes out passes a firewall that lets through to `reaches` only.
            reaches: hosts outside, as `"eventregistry.org"`.
            bastion: administrators come in by Azure Bastion.
            vpn: there is a gateway for a VPN.
            administrators: where they come from, as `"203.0.113.0/24"`.
        """
        return self._make(
            Network,
            name,
            space=space,
            subnets=subnets or {},
            nat=nat,
            firewall=firewall,
            reaches=reaches,
            bastion=bastion,
            vpn=vpn,
            administrators=administrators,
        )

    def registry(
        self,
        name: str,
        *,
        tier: RegistryTier = "premium",
        copies_in: Sequence[str] = (),
        keeps: str | Duration = "30 days",
    ) -> Registry:
        """Where container images are kept.

        Args:
            tier: only `"premium"` is reached privately and copied to other regions.
            copies_in: further regions that have every image, as `"westus2"`.
            keeps: how long an image without a tag is kept.
        """
        return self._make(Registry, name, tier=tier, copies_in=copies_in, keeps=keeps)

    def logs(
        self,
        name: str,
        *,
        keeps: str | Duration = "30 days",
        daily_cap: str | Size | None = None,
        archive: Blobs | None = None,
    ) -> Logs:
        """Where logs, metrics and traces go (Log Analytics and Application Insights).

        Args:
            keeps: how long they can be asked, 30 days to 2 years.
            daily_cap: no more than this is taken in on one day.
            archive: where they are kept beyond that.
        """
        return self._make(Logs, name, keeps=keeps, daily_cap=daily_cap, archive=archive)
