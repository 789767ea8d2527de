"""Embeddings of an Ollama server: POST /api/embed, as https://docs.ollama.com/api/embed describes it."""

from loci_server.embedding.provider import SETTINGS
from loci_server.embedding.remote import RemoteEmbedder, failures
from loci_server.model_service import ModelService


class Ollama(RemoteEmbedder):
    """A model of an Ollama server at `url`. The model must have been pulled there."""

    def __init__(
        self, *, model: str, url: str, timeout: float, settings: str = SETTINGS, service: ModelService | None = None
    ) -> None:
        super().__init__(
            model=model,
            id=f"ollama/{model.removesuffix(':latest')}",
            service=service or ModelService(url, failures=failures(settings), timeout=timeout),
        )

    async def _vectors(self, texts: list[str]) -> list[object]:
        answer = await self._service.post("api/embed", {"model": self._asked, "input": texts, "truncate": True})
        match answer:
            case {"embeddings": list(vectors)}:
                return vectors
            case _:
                raise self._malformed()
