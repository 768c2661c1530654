"""Plans for the laptop room, made with the words that people use."""

from __future__ import annotations

import pytest

from seatrial import System


@pytest.fixture
def shop() -> System:
    """A system with something of most kinds."""
    shop = System("shop", title="A shop", region="eastus2")
    papers = shop.postgres("papers")
    models = shop.blobs("models")
    key = shop.secret("api-key")
    openai = shop.model_api("openai", model="small", needed=False)
    uses = [papers, models, key, openai]
    api = shop.service(
        "api", "python -m api --port {port}", port=5001, health="/health", uses=uses, env={"LEVEL": "info"}
    )
    shop.worker("sorter", "sleep 600", uses=[api])
    return shop
