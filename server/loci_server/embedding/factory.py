"""The embedder that the settings ask for. The only module that knows them all; each is imported when it is chosen."""

from loci_server.embedding.provider import Embedder
from loci_server.settings import Settings

OLLAMA_URL = "http://127.0.0.1:11434"
OLLAMA_MODEL = "nomic-embed-text"
OPENAI_URL = "https://api.openai.com/v1"
OPENAI_MODEL = "text-embedding-3-small"


def make_embedder(settings: Settings) -> Embedder | None:
    """The embedder of `settings.embedder`, or None for `none`.

    Neither the model is loaded nor the service asked yet: one that cannot be used says so at its first call, so that
    a server starts without it.

    Raises:
        EmbedderUnavailable: the URL or the key cannot be sent at all.
    """
    match settings.embedder:
        case "none":
            return None
        case "minilm":
            from loci_server.embedding.minilm import MiniLM

            return MiniLM(cache=settings.data_dir / "models", threads=settings.embedder_threads)
        case "ollama":
            from loci_server.embedding.ollama import Ollama

            return Ollama(
                model=settings.embedder_model or OLLAMA_MODEL,
                url=settings.embedder_url or OLLAMA_URL,
                timeout=settings.embedder_timeout,
            )
        case "openai":
            from loci_server.embedding.openai import OpenAI

            key = settings.embedder_api_key
            return OpenAI(
                model=settings.embedder_model or OPENAI_MODEL,
                url=settings.embedder_url or OPENAI_URL,
                timeout=settings.embedder_timeout,
                api_key=key.get_secret_value() if key else None,
                dimensions=settings.embedder_dimensions,
            )
