"""A system's share of one region."""

from __future__ import annotations

from functools import cached_property

from seatrial.azure.names import squeezed
from seatrial.azure.values import Parameter, Suffix, Text, join
from seatrial.model import Plan
from seatrial.model.value import Value

__all__ = ["ENVIRONMENT", "IMAGE_TAG", "Stamp", "resource_group"]

ENVIRONMENT = Parameter(
    name="environment",
    why="Which copy of the system this is; a part of the resource group's name and of every tag",
    allowed=("production", "staging", "development"),
    default="production",
)

IMAGE_TAG = Parameter(name="imageTag", why="The tag of the images to run, as a commit's hash")


class Stamp(Value):
    """One region of a plan. What a part becomes there, it becomes in every other region too."""

    plan: Plan
    region: str

    @property
    def first(self) -> bool:
        """Whether this is the region in which what exists once stands."""
        return self.region == self.plan.region

    @property
    def number(self) -> int:
        return self.plan.regions.index(self.region)

    def name(self, text: str) -> str:
        """A name for one region: the text itself, or with the region behind it where there are several."""
        return f"{text}-{self.region}" if self.plan.also_in else text

    def worldwide(self, text: str, longest: int = 63) -> Text:
        """A name that nobody else in the world has: letters, digits and hyphens."""
        return self._suffixed(text[: longest - 7].rstrip("-") + "-")

    def worldwide_squeezed(self, text: str, longest: int = 24) -> Text:
        """The same, of lower case letters and digits only."""
        return self._suffixed(squeezed(text, longest - 6))

    def _suffixed(self, text: str) -> Text:
        if text not in self._names:
            self._names[text] = join(text, Suffix(region=self.region))
        return self._names[text]

    @cached_property
    def _names(self) -> dict[str, Text]:
        """Names that nobody else has, by their beginnings: each stands in many resources."""
        return {}


def resource_group(plan: Plan) -> Text:
    """The name of the resource group that holds everything: system, variant, environment."""
    return join(plan.name, f"-{plan.variant}" if plan.variant else "", "-", ENVIRONMENT)
