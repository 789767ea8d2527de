"""What tests of embedders share: one loaded model."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from loci_server.embedding.minilm import MiniLM


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data") / "models"


@pytest.fixture(scope="session")
async def minilm(cache: Path) -> AsyncIterator[MiniLM]:
    embedder = MiniLM(cache=cache)
    await embedder.load()
    yield embedder
    await embedder.close()
