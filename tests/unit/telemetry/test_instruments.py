"""What Loci itself counts has the names, units and attributes that metrics.py lists."""

import pytest

from loci_server.telemetry.metrics import Instruments
from loci_server.telemetry.setup import Telemetry

from .conftest import Recorded

MODEL = frozenset({("loci.embedding.model", "minilm")})
KIND = frozenset({("loci.job.kind", "purge")})


def use(instruments: Instruments) -> None:
    instruments.committed(3)
    instruments.embedding_pending("minilm", 12)
    with instruments.embedding("minilm", 5):
        pass
    with pytest.raises(TimeoutError), instruments.embedding("minilm", 5):
        raise TimeoutError
    instruments.jobs_pending("purge", 2)
    with instruments.job("purge"):
        pass
    with pytest.raises(ValueError, match="bad"), instruments.job("purge"):
        raise ValueError("bad")
    instruments.reembedding(graphs=3, failing=1, done=40, total=100)
    instruments.reembedding_failed("EMBEDDER_UNAVAILABLE")
    instruments.reembedding_refused(2)
    instruments.certificate(lambda: 86_400.5, lambda: True)


def test_everything_is_counted_under_its_name(recorded: Recorded) -> None:
    use(Instruments(recorded.telemetry))
    assert recorded.points("loci.commits") == {frozenset(): 1}
    assert recorded.points("loci.commit.changes") == {frozenset(): 3}
    assert recorded.points("loci.embedding.pending") == {MODEL: 12}
    assert recorded.points("loci.embedding.texts") == {MODEL: 5}
    assert recorded.points("loci.embedding.duration") == {MODEL: 1, MODEL | {("error.type", "TimeoutError")}: 1}
    assert recorded.points("loci.jobs.pending") == {KIND: 2}
    assert recorded.points("loci.jobs.duration") == {KIND: 1, KIND | {("error.type", "ValueError")}: 1}
    assert recorded.points("loci.jobs.active") == {KIND: 0}
    assert recorded.points("loci.reembedding.graphs") == {frozenset(): 3}
    assert recorded.points("loci.reembedding.failing") == {frozenset(): 1}
    assert recorded.points("loci.reembedding.documents.done") == {frozenset(): 40}
    assert recorded.points("loci.reembedding.documents.total") == {frozenset(): 100}
    assert recorded.points("loci.reembedding.failures") == {frozenset({("error.type", "EMBEDDER_UNAVAILABLE")}): 1}
    assert recorded.points("loci.reembedding.refused") == {frozenset(): 2}
    assert recorded.points("loci.tls.certificate.remaining") == {frozenset(): 86_400.5}
    assert recorded.points("loci.tls.certificate.refused") == {frozenset(): 1}
    assert {name: metric.unit for name, metric in recorded.metrics().items()} == {
        "loci.commits": "{commit}",
        "loci.commit.changes": "{change}",
        "loci.embedding.pending": "{chunk}",
        "loci.embedding.texts": "{text}",
        "loci.embedding.duration": "s",
        "loci.jobs.pending": "{job}",
        "loci.jobs.duration": "s",
        "loci.jobs.active": "{job}",
        "loci.reembedding.graphs": "{graph}",
        "loci.reembedding.failing": "{graph}",
        "loci.reembedding.documents.done": "{document}",
        "loci.reembedding.documents.total": "{document}",
        "loci.reembedding.failures": "{failure}",
        "loci.reembedding.refused": "{document}",
        "loci.tls.certificate.remaining": "s",
        "loci.tls.certificate.refused": "{file}",
    }


def test_without_recording_nothing_fails() -> None:
    use(Instruments(Telemetry.off()))
