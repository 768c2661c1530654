"""The page on which to try the API: one file of ours, since FastAPI's own wants a network to load."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import HTMLResponse

__all__ = ["router"]

router = APIRouter()

_PAGE = (Path(__file__).parent / "docs.html").read_text(encoding="utf-8")


def _allowed(tag: str) -> str:
    """The content of the page's one element of this kind, as a Content-Security-Policy names it."""
    (content,) = re.findall(rf"<{tag}[^>]*>(.*?)</{tag}>", _PAGE, re.DOTALL)
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


_HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; connect-src 'self'; script-src {_allowed('script')};"
        f" style-src {_allowed('style')}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}


@router.get("/docs", include_in_schema=False)
async def docs() -> HTMLResponse:
    return HTMLResponse(_PAGE, headers=_HEADERS)
