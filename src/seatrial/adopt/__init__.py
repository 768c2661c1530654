"""What others have described becomes a system file: a Compose file, or a project of the Azure Developer CLI.

Reading and deciding only: whoever calls writes the files.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from seatrial.adopt import disk
from seatrial.adopt.adopted import Adopted, Wishes
from seatrial.adopt.notes import Note, markdown

__all__ = ["Adopted", "Note", "Wishes", "adopt", "markdown"]


def adopt(sources: Sequence[Path], wishes: Wishes) -> Adopted:
    """The system that files describe: Compose files, an `azure.yaml`, or a folder with one of them.

    Raises:
        Mistakes: there is no such file, or it is neither.
    """
    files = [file for source in sources for file in (disk.beside(source) if source.is_dir() else [source])]
    if files[0].name in ("azure.yaml", "azure.yml"):
        from seatrial.adopt.azd import from_azd

        return from_azd(files[0], wishes)
    from seatrial.adopt.compose import from_compose

    return from_compose(files, wishes)
