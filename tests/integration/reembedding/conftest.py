"""The service that all embedders of these tests ask."""

from collections.abc import AsyncIterator

import pytest

from tests.embedders import Service, embedding_service


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    async with embedding_service() as started:
        yield started
