"""Every type of resource has its words, and says whether it costs money and why."""

from __future__ import annotations

import pytest

from seatrial.azure.kinds import KINDS, kind_of
from seatrial.azure.versions import API_VERSIONS


def test_every_type_that_can_be_made_has_its_words():
    assert set(KINDS) == set(API_VERSIONS)


def test_what_costs_money_says_by_what_and_what_does_not_says_why():
    assert all(kind.why for kind in KINDS.values())
    assert {kind.billed for kind in KINDS.values()} == {True, False}


@pytest.mark.parametrize(
    ("type", "one", "three"),
    [
        ("Microsoft.Network/privateEndpoints", "private endpoint", "3 private endpoints"),
        ("Microsoft.Network/publicIPAddresses", "public address", "3 public addresses"),
        ("Microsoft.ApiManagement/service/apis/policies", "policy of an API", "3 policies of an API"),
        ("Microsoft.Network/virtualNetworkGateways", "VPN gateway", "3 VPN gateways"),
        ("Microsoft.Cdn/profiles", "Front Door", "3 × Front Door"),
        ("Microsoft.ServiceBus/namespaces", "Service Bus", "3 × Service Bus"),
    ],
)
def test_a_type_is_counted_in_words(type, one, three):
    assert (kind_of(type).count(1), kind_of(type).count(3)) == (one, three)


def test_a_type_that_is_not_known_counts_as_billed():
    kind = kind_of("Microsoft.Quantum/workspaces")

    assert (kind.words, kind.billed) == ("workspaces", True)
