"""Embeddings of any server with OpenAI's API: POST /embeddings.

As https://platform.openai.com/docs/api-reference/embeddings describes it; vLLM, LiteLLM, TEI and others serve it too.
"""

from loci_server.embedding.provider import SETTINGS
from loci_server.embedding.remote import RemoteEmbedder, failures
from loci_server.model_service import ModelService


class OpenAI(RemoteEmbedder):
    """A model of the server at `url`, which ends before `/embeddings`.

    `dimensions` asks for shorter vectors; only some models can give them.
    """

    def __init__(
        self,
        *,
        model: str,
        url: str,
        timeout: float,
        api_key: str | None = None,
        dimensions: int | None = None,
        settings: str = SETTINGS,
        service: ModelService | None = None,
    ) -> None:
        headers = {"Authorization": f"Bearer {api_key.strip()}"} if api_key else {}
        super().__init__(
            model=model,
            id=f"openai/{model}" + (f"@{dimensions}" if dimensions else ""),
            service=service or ModelService(url, failures=failures(settings), timeout=timeout, headers=headers),
        )
        self._dimensions = dimensions

    async def _vectors(self, texts: list[str]) -> list[object]:
        body: dict[str, object] = {"model": self._asked, "input": texts, "encoding_format": "float"}
        if self._dimensions:
            body["dimensions"] = self._dimensions
        match await self._service.post("embeddings", body):
            case {"data": list(items)}:
                return self._in_order(items)
            case _:
                raise self._malformed()

    def _in_order(self, items: list[object]) -> list[object]:
        """The vectors by their `index`: the protocol does not promise their order."""
        vectors: dict[int, object] = {}
        for item in items:
            match item:
                case {"index": int(index), "embedding": list(vector)} if index not in vectors:
                    vectors[index] = vector
                case _:
                    raise self._malformed()
        if sorted(vectors) != list(range(len(items))):
            raise self._malformed()
        return [vectors[index] for index in range(len(items))]
