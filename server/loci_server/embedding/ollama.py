"""Embeddings of an Ollama server: POST /api/embed, as https://docs.ollama.com/api/embed describes it."""

from loci_server.embedding.remote import RemoteEmbedder, malformed
from loci_server.embedding.service import Service


class Ollama(RemoteEmbedder):
    """A model of an Ollama server at `url`. The model must have been pulled there."""

    def __init__(self, *, model: str, url: str, timeout: float, service: Service | None = None) -> None:
        super().__init__(
            model=model,
            id=f"ollama/{model.removesuffix(':latest')}",
            service=service or Service(url, timeout=timeout),
        )

    async def _vectors(self, texts: list[str]) -> list[object]:
        answer = await self._service.post("api/embed", {"model": self._asked, "input": texts, "truncate": True})
        match answer:
            case {"embeddings": list(vectors)}:
                return vectors
            case _:
                raise malformed()
