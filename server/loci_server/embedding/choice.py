"""The embedders of one server: the one that it has now, and the one that it had before."""

from loci_server.embedding.provider import Embedder


class Embedders:
    """`current` makes new vectors; `previous` serves graphs that have vectors of its model still.

    `target` is the model that graphs are brought to. While servers with other settings are up, it may be one that this
    server has not.
    """

    def __init__(self, current: Embedder | None, previous: Embedder | None = None) -> None:
        self.current = current
        self.target = current.model if current is not None else ""
        self._known = {embedder.model: embedder for embedder in (previous, current) if embedder is not None}

    def of(self, model: str) -> Embedder | None:
        """The embedder that makes vectors of this model, if this server has it."""
        return self._known.get(model)

    @property
    def any_local(self) -> bool:
        """Whether one of them computes in this process."""
        return any(embedder.local for embedder in self._known.values())

    async def close(self) -> None:
        for embedder in self._known.values():
            await embedder.close()
