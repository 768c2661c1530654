"""Manifests of all that runs on Azure Kubernetes Service: one folder for each region's cluster.

What only Azure knows once it is deployed, as the client id of an identity, stands in them as `${NAME}`; the
script `values.sh` beside them asks Azure and fills it in. The images of processes are named as
`system/process`, for Kustomize to give them their registry and tag.

Source: https://kubernetes.io/docs/reference/kubernetes-api/ and
https://learn.microsoft.com/azure/aks/workload-identity-deploy-cluster
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from seatrial.azure import aks
from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph
from seatrial.azure.reach import exposure
from seatrial.azure.stamp import Stamp
from seatrial.deliver import yaml
from seatrial.deliver.kubernetes import engine, entrance, gpus, ground, scaling, walls, workloads
from seatrial.deliver.kubernetes.speech import Speech
from seatrial.deliver.kubernetes.values import script
from seatrial.model import Plan, Process, Service, Temporal

__all__ = ["files", "manifests", "text"]

Document = dict[str, Any]


def manifests(plan: Plan) -> Mapping[str, list[Document]]:
    """The documents of each file, by its path: `papr/web.yaml`, where `papr` is the cluster's name.

    Empty when nothing runs on a cluster.
    """
    return {
        path: documents for at, speech in _clusters(graph(plan)) for path, documents in _folder(at, speech)
    }


def files(of: Graph) -> Mapping[str, str]:
    """Every file, by its path from the folder that `seatrial build` writes."""
    written: dict[str, str] = {}
    for at, speech in _clusters(of):
        folder = f"kubernetes/{aks.cluster(at).name}"
        names = []
        for path, documents in _folder(at, speech):
            written[f"kubernetes/{path}"] = text(documents)
            names.append(path.rsplit("/", 1)[-1])
        written[f"{folder}/kustomization.yaml"] = text([ground.kustomization(names)])
        written[f"{folder}/values.sh"] = script(speech)
    return written


def text(documents: Sequence[Document]) -> str:
    """Documents as one file; the same every time."""
    return yaml.documents(documents, "Written by seatrial build; values.sh fills in what stands as ${NAME}")


def _clusters(of: Graph) -> Iterator[tuple[Stamp, Speech]]:
    if aks.hosted(of.plan):
        for region in of.plan.regions:
            at = Stamp(plan=of.plan, region=region)
            yield at, Speech(of, at)


def _folder(at: Stamp, speech: Speech) -> Iterator[tuple[str, list[Document]]]:
    folder = aks.cluster(at).name
    yield f"{folder}/0-namespace.yaml", list(ground.namespaces(at))
    if gpus.needed(at):
        yield f"{folder}/1-gpus.yaml", list(gpus.documents(at))
    for part in aks.hosted(at.plan):
        yield f"{folder}/{part.name}.yaml", list(_of(part, at, speech))


def _of(part: Process | Temporal, at: Stamp, speech: Speech) -> Iterator[Document]:
    """Everything of one process: who it is, what runs, how many, who may reach it."""
    yield from ground.identity(part, at, speech)
    if isinstance(part, Temporal):
        yield from engine.documents(part, at, speech)
    else:
        yield from workloads.documents(part, at, speech)
        yield from scaling.documents(part, at, speech)
    yield walls.documents(part, at)
    if isinstance(part, Service) and exposure(part, at.plan) == "world":
        yield from entrance.documents(part, at, speech)
