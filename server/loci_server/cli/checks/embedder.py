"""Whether texts can be turned into vectors."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from loci_server.cli.checks.finding import Finding, ok, warning
from loci_server.settings import Settings

SAMPLE = "A short text to see whether the embedder works."


def embedder(settings: Settings) -> Iterator[Finding]:
    """Embeds one text. A server runs without an embedder too, so that a broken one is a warning."""
    from loci_server.errors import EmbedderUnavailable

    if settings.embedder == "none":
        yield ok("embedder", "No embedder is set: search is lexical, or by vectors that callers give.")
        return
    try:
        with tempfile.TemporaryDirectory() as folder:
            # A model is unpacked into the data folder by `loci serve`, and not by the doctor.
            place = settings.data_dir if (settings.data_dir / "models").is_dir() else Path(folder)
            settings = settings.model_copy(update={"data_dir": place})
            yield asyncio.run(_embed(settings))
            if settings.previous_embedder not in ("none", "minilm"):
                yield asyncio.run(_embed(settings, previous=True))
    except EmbedderUnavailable as error:
        yield warning("embedder", f"{error} Until it works, search is lexical and texts wait to be embedded.")


async def _embed(settings: Settings, *, previous: bool = False) -> Finding:
    from loci_server.embedding import Purpose, make_embedder, make_previous

    made = make_previous(settings) if previous else make_embedder(settings)
    assert made is not None
    try:
        begun = time.perf_counter()
        async with asyncio.timeout(settings.embedder_timeout):
            vectors = await made.embed([SAMPLE], Purpose.QUERY)
        milliseconds = (time.perf_counter() - begun) * 1000
        return ok(
            "embedder", f"{made.model} gives vectors of {vectors.shape[1]} numbers ({milliseconds:.0f} ms, first use)."
        )
    except TimeoutError:
        return warning("embedder", f"{made.model} did not answer within {settings.embedder_timeout:.0f} s.")
    finally:
        await made.close()
