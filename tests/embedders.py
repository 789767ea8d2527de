"""Embedding services for tests: models whose vectors are known, and whose work the test can hold up."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tests.ports import kept_port

Matrix = NDArray[np.float32]
DOCUMENT, QUERY = "passage: ", "query: "
"""What the server writes before texts for the models here, whose names are those of a family with such prompts."""


@dataclass(frozen=True)
class Model:
    """A space of its own: in each, equal words lie in another direction, though the dimension may be the same."""

    name: str
    dimension: int

    @property
    def id(self) -> str:
        """As the server calls it."""
        return f"ollama/{self.name}"

    def vector(self, text: str) -> Matrix:
        words = text.lower().replace(".", " ").split()
        total = sum((direction(self, word) for word in words), np.full(self.dimension, 1e-3, np.float32))
        result: Matrix = (total / np.linalg.norm(total)).astype(np.float32)
        return result

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Cosines, the best first."""
        wanted = self.vector(query)
        return sorted((float(self.vector(text) @ wanted) for text in texts), reverse=True)


@cache
def direction(model: Model, word: str) -> Matrix:
    seed = list(f"{model.name}/{word}".encode())
    return np.random.default_rng(seed).normal(size=model.dimension).astype(np.float32)


ONE, TWO, WIDE = Model("e5-small-one", 16), Model("e5-small-two", 16), Model("e5-small-wide", 24)
MODELS = {model.name: model for model in (ONE, TWO, WIDE)}


@dataclass
class Service:
    """An Ollama server as far as we use one. Documents are embedded by a model only as often as `permits` allows, where
    it has an entry; texts with `refused` in are refused by the models that it names."""

    port: int
    permits: dict[Model, asyncio.Semaphore] = field(default_factory=dict)
    refused: dict[Model, str] = field(default_factory=dict)
    documents: dict[Model, list[str]] = field(default_factory=lambda: {model: [] for model in MODELS.values()})
    """What was embedded."""
    asked: dict[Model, int] = field(default_factory=lambda: dict.fromkeys(MODELS.values(), 0))
    """How often documents were brought."""
    held: dict[Model, int] = field(default_factory=lambda: dict.fromkeys(MODELS.values(), 0))
    """Requests that wait for a permit, whether or not anybody still waits for their answer."""
    queries: list[str] = field(default_factory=list)
    """What was embedded as a query."""
    _server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def hold(self, model: Model) -> None:
        self.permits[model] = asyncio.Semaphore(0)

    def let(self, model: Model, times: int = 10_000) -> None:
        for _ in range(times):
            self.permits[model].release()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", self.port)

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.lower().split(b"\r\n")
            length = next(int(line.split(b":")[1]) for line in lines if line.startswith(b"content-len"))
            body = json.loads(await reader.readexactly(length))
            model, texts = MODELS[body["model"]], body["input"]
            state = b"200 OK"
            if texts[0].startswith(DOCUMENT):
                self.asked[model] += 1
                if model in self.permits:
                    self.held[model] += 1
                    await self.permits[model].acquire()
                    self.held[model] -= 1
                if any(self.refused.get(model, "\0") in text for text in texts):
                    state = b"400 Refused"
                else:
                    self.documents[model] += [text.removeprefix(DOCUMENT) for text in texts]
            else:
                self.queries += [text.removeprefix(QUERY) for text in texts]
            vectors = [model.vector(text.removeprefix(DOCUMENT).removeprefix(QUERY)).tolist() for text in texts]
            answer = json.dumps({"embeddings": vectors}).encode()
            writer.write(b"HTTP/1.1 %b\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % (state, len(answer)))
            writer.write(answer)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def embedding_service() -> AsyncIterator[Service]:
    with kept_port() as port:
        service = Service(port)
        await service.start()
        try:
            yield service
        finally:
            for model in service.permits:
                service.let(model)
            await service.stop()


def settings_of(service: Service, model: Model, previous: Model | None = None) -> dict[str, str]:
    """Of a server with this embedder, and with another one before."""
    settings = {
        "LOCI_EMBEDDER": "ollama",
        "LOCI_EMBEDDER_URL": service.url,
        "LOCI_EMBEDDER_MODEL": model.name,
        "LOCI_EMBEDDER_TIMEOUT": "60",
        "LOCI_PREVIOUS_EMBEDDER": "none",
    }
    if previous is not None:
        settings |= {
            "LOCI_PREVIOUS_EMBEDDER": "ollama",
            "LOCI_PREVIOUS_EMBEDDER_URL": service.url,
            "LOCI_PREVIOUS_EMBEDDER_MODEL": previous.name,
        }
    return settings
