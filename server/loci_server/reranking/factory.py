"""The reranker that the settings ask for."""

from loci_server.reranking.provider import Reranker
from loci_server.settings import Settings


def make_reranker(settings: Settings) -> Reranker | None:
    """The reranker of `settings.reranker`, or None for `none`. The service is not asked yet.

    Raises:
        RerankerUnavailable: the URL or the key cannot be sent at all.
    """
    if settings.reranker == "none":
        return None
    from loci_server.model_service import ModelService
    from loci_server.reranking.dialects import COHERE, JINA, TEI
    from loci_server.reranking.remote import FAILURES, RemoteReranker

    dialect = {"cohere": COHERE, "jina": JINA, "tei": TEI}[settings.reranker]
    key = settings.reranker_api_key
    timeout = settings.reranker_timeout
    service = ModelService(
        settings.reranker_url or dialect.url,
        failures=FAILURES,
        timeout=timeout,
        headers={"Authorization": f"Bearer {key.get_secret_value().strip()}"} if key else {},
    )
    return RemoteReranker(dialect, model=settings.reranker_model or dialect.model, timeout=timeout, service=service)
