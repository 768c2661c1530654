"""Where a system's sources are in its repository: all that delivery reads from a disk.

By convention a system is a folder `systems/<name>` with `system.py`, a package and its `pyproject.toml`; what
systems share is `systems/kit`; locks are `locks/<name>.txt`; a page that is bundled by Node is `web` with a
`package-lock.json`.
"""

from __future__ import annotations

from pathlib import Path

from seatrial.model import ModelApi, Plan, Site
from seatrial.model.value import Value

__all__ = ["Layout", "layout", "title_of"]


class Layout(Value):
    """A system's folders and locks, as paths from the repository's root, with slashes."""

    folder: str
    """`systems/doctrove`"""
    kit: str | None
    """The distribution that systems share; None: there is none."""
    page: str | None
    """The folder of the page that Node bundles into the package; None: there is none."""
    lock: str
    """The requirements, each with its hash: `locks/doctrove.txt`."""
    installer: str
    """The lock of uv, which installs them."""
    weights: str | None
    """The lock of the embedding model that works where no model API does; None: not needed."""
    output: str
    """Where the generated files are, by convention: `build/doctrove`."""

    @property
    def package(self) -> str:
        """The Python package, named like the folder."""
        return self.folder.rsplit("/", 1)[-1].replace("-", "_")

    @property
    def up(self) -> str:
        """From the generated files to the repository's root: `../..`."""
        return "/".join(".." for _ in self.output.split("/"))


def layout(plan: Plan, root: Path) -> Layout:
    """The layout of a plan's system, in the repository at `root`."""
    file = Path(plan.place.file)
    inside = file.is_absolute() and file.is_relative_to(root)
    folder = file.parent.relative_to(root).as_posix() if inside else f"systems/{plan.name}"
    page = f"{folder}/web"
    served = any(f"{folder}/{site.directory}" == page for site in plan.of(Site))
    bundled = not served and (root / page / "package-lock.json").is_file()
    alone = any(not api.needed for api in plan.of(ModelApi))
    weights = "locks/weights.txt"
    return Layout(
        folder=folder,
        kit="systems/kit" if (root / "systems/kit/pyproject.toml").is_file() else None,
        page=page if bundled else None,
        lock=f"locks/{plan.name}.txt",
        installer="locks/uv.txt",
        weights=weights if alone and (root / weights).is_file() else None,
        output=f"build/{title_of(plan)}",
    )


def title_of(plan: Plan) -> str:
    """The name of a plan among all others: `doctrove`, `doctrove-10m`."""
    return f"{plan.name}-{plan.variant}" if plan.variant else plan.name
