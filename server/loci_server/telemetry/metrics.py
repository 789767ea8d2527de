"""What Loci itself counts, beside calls and statements. Attributes are kinds and outcomes, never a tenant or a name.

loci.commits              counter    {commit}    commits that were acknowledged
loci.commit.changes       counter    {change}    nodes and edges that they touched
loci.embedding.pending    gauge      {chunk}     chunks that wait for a vector; attribute loci.embedding.model
loci.embedding.duration   histogram  s           requests to an embedder; loci.embedding.model, error.type
loci.embedding.texts      counter    {text}      texts turned into vectors; loci.embedding.model
loci.jobs.duration        histogram  s           runs of background jobs; loci.job.kind, error.type
loci.jobs.active          counter ±  {job}       jobs that run now; loci.job.kind
loci.jobs.pending         gauge      {job}       jobs that wait; loci.job.kind
loci.reembedding.graphs   gauge      {graph}     graphs that are being embedded anew
loci.reembedding.failing  gauge      {graph}     those of which the last step failed
loci.reembedding.documents.done   gauge    {document}  what is embedded of these graphs
loci.reembedding.documents.total  gauge    {document}  what there is to embed of them
loci.reembedding.failures counter    {failure}   steps that failed; error.type (the reason)
loci.reembedding.refused  counter    {document}  texts that the next model refused
loci.tls.certificate.remaining  gauge  s         until the certificate that is served ends; below 0 afterwards
loci.tls.certificate.refused    gauge  {file}    1 while what stands in the files of the certificate is not served
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Final

from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.semconv.attributes.error_attributes import ERROR_TYPE

from loci_server.telemetry.setup import Telemetry

EMBEDDING_MODEL: Final = "loci.embedding.model"
JOB_KIND: Final = "loci.job.kind"

_EMBEDDING_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_JOB_BUCKETS: Final = (0.001, 0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800)


class Instruments:
    """The instruments of one process. Each method costs next to nothing when no metrics are exported."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._meter = meter = telemetry.meter
        self._commits = meter.create_counter("loci.commits", "{commit}", "Commits that were acknowledged.")
        self._changes = meter.create_counter("loci.commit.changes", "{change}", "Nodes and edges touched by commits.")
        self._embedding_pending = meter.create_gauge(
            "loci.embedding.pending", "{chunk}", "Chunks that wait for a vector."
        )
        self._embedding_duration = meter.create_histogram(
            "loci.embedding.duration",
            "s",
            "Duration of requests to an embedder.",
            explicit_bucket_boundaries_advisory=_EMBEDDING_BUCKETS,
        )
        self._embedding_texts = meter.create_counter("loci.embedding.texts", "{text}", "Texts turned into vectors.")
        self._job_duration = meter.create_histogram(
            "loci.jobs.duration",
            "s",
            "Duration of runs of background jobs.",
            explicit_bucket_boundaries_advisory=_JOB_BUCKETS,
        )
        self._jobs_active = meter.create_up_down_counter("loci.jobs.active", "{job}", "Background jobs that run now.")
        self._jobs_pending = meter.create_gauge("loci.jobs.pending", "{job}", "Background jobs that wait.")
        self._graphs = meter.create_gauge("loci.reembedding.graphs", "{graph}", "Graphs that are embedded anew.")
        self._failing = meter.create_gauge(
            "loci.reembedding.failing", "{graph}", "Graphs of which the last step of embedding anew failed."
        )
        self._done = meter.create_gauge(
            "loci.reembedding.documents.done", "{document}", "Documents that are embedded anew."
        )
        self._total = meter.create_gauge(
            "loci.reembedding.documents.total", "{document}", "Documents of graphs that are embedded anew."
        )
        self._failures = meter.create_counter(
            "loci.reembedding.failures", "{failure}", "Steps of embedding anew that failed."
        )
        self._refused = meter.create_counter(
            "loci.reembedding.refused", "{document}", "Documents that the next model refused."
        )

    def committed(self, changes: int) -> None:
        """A commit with this many changes was acknowledged."""
        self._commits.add(1)
        self._changes.add(changes)

    def embedding_pending(self, model: str, chunks: int) -> None:
        """So many chunks wait for a vector of this model now."""
        self._embedding_pending.set(chunks, {EMBEDDING_MODEL: model})

    @contextmanager
    def embedding(self, model: str, texts: int) -> Iterator[None]:
        """Around one request to an embedder for so many texts."""
        attributes = {EMBEDDING_MODEL: model}
        started = perf_counter()
        try:
            yield
        except BaseException as error:
            self._embedding_duration.record(perf_counter() - started, attributes | {ERROR_TYPE: type(error).__name__})
            raise
        self._embedding_duration.record(perf_counter() - started, attributes)
        self._embedding_texts.add(texts, attributes)

    def jobs_pending(self, kind: str, jobs: int) -> None:
        """So many jobs of a kind wait now."""
        self._jobs_pending.set(jobs, {JOB_KIND: kind})

    def reembedding(self, graphs: int, failing: int, done: int, total: int) -> None:
        """So many graphs are embedded anew now, so many of them fail, and so many of their documents are done."""
        self._graphs.set(graphs)
        self._failing.set(failing)
        self._done.set(done)
        self._total.set(total)

    def reembedding_failed(self, reason: str) -> None:
        """A step of embedding a graph anew failed."""
        self._failures.add(1, {ERROR_TYPE: reason})

    def reembedding_refused(self, documents: int) -> None:
        """The next model refused so many documents."""
        self._refused.add(documents)

    def certificate(self, remaining: Callable[[], float], refused: Callable[[], bool]) -> None:
        """The certificate of the listener, asked whenever metrics are collected."""
        for name, unit, description, look in (
            ("remaining", "s", "Time until the certificate that is served ends.", remaining),
            ("refused", "{file}", "Whether what stands in the files of the certificate is not served.", refused),
        ):
            self._meter.create_observable_gauge(
                f"loci.tls.certificate.{name}", [observed(look)], unit=unit, description=description
            )

    @contextmanager
    def job(self, kind: str) -> Iterator[None]:
        """Around one run of a background job."""
        attributes = {JOB_KIND: kind}
        self._jobs_active.add(1, attributes)
        started = perf_counter()
        ended = attributes
        try:
            yield
        except BaseException as error:
            ended = attributes | {ERROR_TYPE: type(error).__name__}
            raise
        finally:
            self._job_duration.record(perf_counter() - started, ended)
            self._jobs_active.add(-1, attributes)


def observed(look: Callable[[], float]) -> Callable[[CallbackOptions], Iterable[Observation]]:
    """What an instrument calls that is asked."""
    return lambda _: (Observation(float(look())),)
