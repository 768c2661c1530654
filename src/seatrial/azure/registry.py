"""The container registry, and the names of images."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.graph import Resource
from seatrial.azure.stamp import IMAGE_TAG, Stamp
from seatrial.azure.values import Out, Ref, Text, join
from seatrial.model import Plan


def ref(plan: Plan) -> Ref:
    """The registry; one for all regions."""
    return Ref(
        type="Microsoft.ContainerRegistry/registries",
        name=Stamp(plan=plan, region=plan.region).worldwide_squeezed(plan.name, 50),
    )


def image(process: str, plan: Plan) -> Text:
    """The image of a process, with its tag."""
    return join(Out(of=ref(plan), path="properties.loginServer"), f"/{plan.name}/{process}:", IMAGE_TAG)


def resources(at: Stamp) -> Iterator[Resource]:
    yield from ()
