"""Who may reach whom inside a cluster, and whom it may reach outside: exactly the ways of the plan.

Besides them, each process asks for names, and each that has an identity asks Entra for tokens and tells Azure
Monitor how it fares: HTTPS to public addresses. Code that nobody trusts, in pods with kernels of their own,
and that uses nothing, may only ask for names.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from seatrial.azure import reach
from seatrial.azure.addresses import layout
from seatrial.azure.stamp import Stamp
from seatrial.deliver.kubernetes.ground import document, entrance
from seatrial.model import Documents, NodePool, Process, Service, Temporal

__all__ = ["documents"]

OURS = ("10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16")
"""Addresses that are nobody's in the world, that of Azure's machines' own service among them."""

TALK = ((6933, 6939), (7233, 7239))
"""The ports by which the roles of Temporal's replicas find and call each other.

Source: https://github.com/temporalio/docker-builds/blob/main/docker-readme/server.md
"""


def documents(part: Process | Temporal, at: Stamp) -> dict[str, Any]:
    """The one policy of a process."""
    return document(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        part.name,
        at,
        spec={
            "podSelector": _pods(part.name),
            "policyTypes": ["Ingress", "Egress"],
            "ingress": list(_in(part, at)),
            "egress": list(_out(part, at)),
        },
    )


def _pods(name: str) -> dict[str, Any]:
    return {"matchLabels": {"app.kubernetes.io/name": name}}


def _tcp(*ports: int) -> list[dict[str, Any]]:
    return [{"protocol": "TCP", "port": port} for port in ports]


def _in(part: Process | Temporal, at: Stamp) -> Iterator[dict[str, Any]]:
    paths = reach.paths(at.plan)
    for path in paths:
        if path.target == part.name and path.leaves == path.enters == "cluster":
            yield {"from": [{"podSelector": _pods(path.source)}], "ports": _tcp(path.port)}
    if isinstance(part, Service) and reach.exposure(part, at.plan) == "world":
        gateway = {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": entrance(at)}},
            "podSelector": {"matchLabels": {"gateway.networking.k8s.io/gateway-name": part.name}},
        }
        yield {"from": [gateway], "ports": _tcp(part.port)}
    if isinstance(part, Temporal) and part.replicas > 1:
        yield {"from": [{"podSelector": _pods(part.name)}], "ports": _talk()}


def _out(part: Process | Temporal, at: Stamp) -> Iterator[dict[str, Any]]:
    yield _names()
    paths = [path for path in reach.paths(at.plan) if path.source == part.name]
    ports: dict[str, set[int]] = {}  # by pods' name, or by addresses
    for path in paths:
        if path.enters is not None:
            ports.setdefault(_end(path, at), set()).add(path.port)
    for end, found in ports.items():
        to = {"ipBlock": {"cidr": end}} if "/" in end else {"podSelector": _pods(end)}
        yield {"to": [to], "ports": _tcp(*sorted(found))}
    isolated = isinstance(part.host, NodePool) and part.host.isolated
    if paths or not isolated:
        yield {"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": list(OURS)}}], "ports": _tcp(443)}
    if isinstance(part, Temporal) and part.replicas > 1:
        yield {"to": [{"podSelector": _pods(part.name)}], "ports": _talk()}


def _end(path: reach.Path, at: Stamp) -> str:
    """Where a way ends: the name of what runs on the cluster too, or the addresses of a subnet."""
    if path.enters == "cluster":
        return path.target
    assert path.enters is not None
    # documents exist once, and so does their endpoint
    home = at.plan.region if isinstance(at.plan.part(path.target), Documents) else at.region
    return str(layout(at.plan, home)[path.enters])


def _names() -> dict[str, Any]:
    return {
        "to": [
            {
                "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
                "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
            }
        ],
        "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
    }


def _talk() -> list[dict[str, Any]]:
    return [{"protocol": "TCP", "port": first, "endPort": last} for first, last in TALK]
