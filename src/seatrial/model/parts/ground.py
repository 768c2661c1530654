"""The parts that all others stand on. A system that names none of them gets each with its defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal, get_args

from seatrial.model.parts.base import Part
from seatrial.model.parts.data import Blobs
from seatrial.model.quantities import Duration, Size

__all__ = ["TIERS", "Logs", "Network", "Registry", "RegistryTier", "Tier"]

Tier = Literal[
    "edge",
    "bastion",
    "vpn",
    "firewall",
    "apps",
    "web",
    "instances",
    "cluster",
    "apis",
    "data",
    "endpoints",
]
"""What a subnet is for: the application gateway; administrators' ways in; the way out; what runs in Container
Apps, in App Service, in Container Instances, in Kubernetes; API Management; PostgreSQL servers; private
endpoints. Container Apps and App Service each want a subnet for themselves."""

TIERS: tuple[Tier, ...] = get_args(Tier)

RegistryTier = Literal["basic", "standard", "premium"]
"""Of the container registry. Only premium is reached privately and copied to other regions."""


class Network(Part):
    """The system's own network; one in each region."""

    space: str
    """Its addresses: `10.0.0.0/16`."""
    subnets: Mapping[Tier, str] = field(hash=False)
    """The addresses of the tiers that are not to be laid out by themselves."""
    nat: bool
    """Whether what runs inside goes out by one fixed address."""
    firewall: bool
    """Whether what goes out passes a firewall that knows the names it may reach."""
    reaches: tuple[str, ...]
    """The hosts outside that processes may reach when there is a firewall: `eventregistry.org`."""
    bastion: bool
    """Whether administrators come in by Azure Bastion."""
    vpn: bool
    """Whether the network has a gateway for a VPN."""
    administrators: tuple[str, ...]
    """Where administrators come from: `203.0.113.0/24`."""


class Registry(Part):
    """Where container images are kept."""

    tier: RegistryTier
    copies_in: tuple[str, ...]
    """Further regions that have every image."""
    keeps: Duration
    """How long an image without a tag is kept."""


class Logs(Part):
    """Where logs, metrics and traces go."""

    keeps: Duration
    daily_cap: Size | None
    """No more than this is taken in on one day; None: all."""
    archive: Blobs | None
    """Where logs are kept when they are older than that."""
