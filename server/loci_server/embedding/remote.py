"""What embedders behind a service have in common: prompts, batches and the check of what comes back."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from loci_server.embedding.prompts import prompt_of
from loci_server.embedding.provider import SETTINGS, Purpose
from loci_server.embedding.vectors import no_rows, unit_rows, well_formed
from loci_server.errors import EmbedderUnavailable, TextRefused
from loci_server.model_service import Failures, ModelService

BATCH = 32
"""Texts in one request: some 2 MB of JSON in the answer, which is read on the event loop in about 20 ms."""


def failures(settings: str = SETTINGS) -> Failures:
    """How the failures of an embedder with such settings are raised."""
    return Failures(unavailable=EmbedderUnavailable, refused=TextRefused, settings=settings)


class RemoteEmbedder(ABC):
    """An embedder that asks `service` for vectors; a subclass knows the words of its protocol."""

    def __init__(self, *, model: str, id: str, service: ModelService) -> None:
        self._asked = model
        self._id = id
        self._prompt = prompt_of(model)
        self._service = service

    @property
    def model(self) -> str:
        return self._id

    @property
    def batch_size(self) -> int:
        return BATCH

    @property
    def local(self) -> bool:
        return False

    async def embed(self, texts: Sequence[str], purpose: Purpose) -> NDArray[np.float32]:
        prompted = self._prompt.applied(well_formed(texts), purpose)
        parts: list[NDArray[np.float32]] = []
        for start in range(0, len(prompted), BATCH):
            batch = prompted[start : start + BATCH]
            parts.append(unit_rows(await self._vectors(batch), len(batch)))
        if len({part.shape[1] for part in parts}) > 1:
            raise EmbedderUnavailable(detail="it answered with vectors of different lengths")
        return np.concatenate(parts) if parts else no_rows()

    async def close(self) -> None:
        await self._service.close()

    def _malformed(self) -> EmbedderUnavailable:
        """The error for an answer that is JSON but does not follow the protocol."""
        return EmbedderUnavailable(
            detail=f"its answer does not follow its protocol; check {self._service.settings}_URL"
        )

    @abstractmethod
    async def _vectors(self, texts: list[str]) -> list[object]:
        """One vector for each text, in their order, unchecked.

        Raises:
            EmbedderUnavailable: no answer, or one of another shape.
        """
