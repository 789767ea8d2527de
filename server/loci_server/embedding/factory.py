"""The embedders that the settings ask for. The only module that knows them all; each is imported when it is chosen."""

from loci_server.embedding.choice import Embedders
from loci_server.embedding.provider import SETTINGS, Embedder
from loci_server.settings import Settings

OLLAMA_URL = "http://127.0.0.1:11434"
OLLAMA_MODEL = "nomic-embed-text"
OPENAI_URL = "https://api.openai.com/v1"
OPENAI_MODEL = "text-embedding-3-small"


PREVIOUS = ("embedder", "embedder_model", "embedder_url", "embedder_api_key", "embedder_dimensions")
"""Settings that the previous embedder has its own of."""


def make_embedders(settings: Settings) -> Embedders:
    """The embedder, and the previous one if there is one of another model.

    Raises:
        EmbedderUnavailable: the URL or the key of one cannot be sent at all.
    """
    current = make_embedder(settings)
    if current is None:
        return Embedders(None)
    previous = make_previous(settings)
    return Embedders(current, previous if previous is not None and previous.model != current.model else None)


def make_previous(settings: Settings) -> Embedder | None:
    """The embedder of `settings.previous_embedder`, as `make_embedder`."""
    before = {name: getattr(settings, f"previous_{name}") for name in PREVIOUS}
    return make_embedder(settings.model_copy(update=before), "LOCI_PREVIOUS_EMBEDDER")


def make_embedder(settings: Settings, prefix: str = SETTINGS) -> Embedder | None:
    """The embedder of `settings.embedder`, or None for `none`. `prefix`: what the settings that its errors name begin
    with.

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

            return MiniLM(cache=settings.data_dir / "models", threads=settings.embedder_threads, settings=prefix)
        case "ollama":
            from loci_server.embedding.ollama import Ollama

            return Ollama(
                model=settings.embedder_model or OLLAMA_MODEL,
                url=settings.embedder_url or OLLAMA_URL,
                timeout=settings.embedder_timeout,
                settings=prefix,
            )
        case "openai":
            from loci_server.embedding.openai import OpenAI

            key = settings.embedder_api_key
            return OpenAI(
                model=settings.embedder_model or OPENAI_MODEL,
                url=settings.embedder_url or OPENAI_URL,
                timeout=settings.embedder_timeout,
                settings=prefix,
                api_key=key.get_secret_value() if key else None,
                dimensions=settings.embedder_dimensions,
            )
