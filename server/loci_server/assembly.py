"""Puts one process together: database, keys, domain, services, listener, background jobs."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from math import inf

import asyncpg
from google.protobuf.descriptor import ServiceDescriptor

from loci.v1 import (
    admin_service_pb2,
    bulk_service_pb2,
    commit_service_pb2,
    edge_service_pb2,
    graph_service_pb2,
    node_service_pb2,
    search_service_pb2,
    traversal_service_pb2,
    watch_service_pb2,
)
from loci_server.audit.auditor import Auditor, Extent
from loci_server.audit.buffer import Buffer
from loci_server.audit.chain import Chains, Wake
from loci_server.codec.page_tokens import PageTokens
from loci_server.crypto.installation import Installation
from loci_server.crypto.provider import KeyProvider
from loci_server.embedded import BundledPostgresError
from loci_server.embedding import Embedder
from loci_server.errors import Unavailable
from loci_server.identity.authenticator import Authenticator
from loci_server.jobs.embed import EmbedJob
from loci_server.jobs.merge import MergeJob
from loci_server.jobs.runner import Runner
from loci_server.rpc.errors import status_of
from loci_server.search.arms import Arms
from loci_server.search.earlier import EarlierNodes
from loci_server.search.searcher import Searcher
from loci_server.services.admin import AdminServicer
from loci_server.services.audit import AuditReader
from loci_server.services.bulk import BulkServicer
from loci_server.services.commits import CommitServicer
from loci_server.services.edges import EdgeServicer
from loci_server.services.feed import FeedStreams, StreamBounds
from loci_server.services.graphs import GraphServicer
from loci_server.services.history import History
from loci_server.services.nodes import NodeServicer
from loci_server.services.search import SearchServicer
from loci_server.services.traversal import TraversalServicer
from loci_server.services.views import Views
from loci_server.services.watch import WatchServicer
from loci_server.settings import Settings
from loci_server.store.audit import Audit
from loci_server.store.feed import Feed
from loci_server.store.graphs import Graphs
from loci_server.store.handles import GraphHandle, Handles
from loci_server.store.items import Items
from loci_server.store.jobs import Jobs
from loci_server.store.log import Log
from loci_server.store.log_parts import LogParts
from loci_server.store.models import Models
from loci_server.store.numbers import Numbers
from loci_server.store.past import Past
from loci_server.store.pool import Database
from loci_server.store.tenants import ApiKeys, Tenants
from loci_server.watch.feeds import Feeds
from loci_server.watch.hints import Hints
from loci_server.watch.tailers import Tailers
from loci_server.writing.importer import Importer
from loci_server.writing.vectors import Vectors
from loci_server.writing.writer import Writer

PROBE_SECONDS = 1.0
LONGEST_PAUSE = 60.0
DATABASE_HEALTH, EMBEDDER_HEALTH = "database", "embedder"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Assembly:
    """One process, ready to listen."""

    authenticator: Authenticator
    services: list[tuple[ServiceDescriptor, object]]
    runner: Runner
    tailers: Tailers
    hints: Hints
    auditor: Auditor
    buffer: Buffer


def assemble(
    database: Database,
    keys: KeyProvider,
    installation: Installation,
    embedder: Embedder | None,
    settings: Settings,
) -> Assembly:
    """Everything between the listener and the database."""
    handles = Handles(database, keys)
    items = Items(database, handles)
    models = Models(database)
    numbers = Numbers(database)
    jobs = Jobs(database)
    graphs = Graphs(database, keys, installation, handles)
    api_keys = ApiKeys(database, installation)
    tokens = PageTokens(installation.token_sealer)
    vectors = Vectors(models, embedder)

    audit_days = settings.audit_days
    audit = Audit(database)
    chains = Chains(audit, installation.audit, timedelta(days=audit_days) if audit_days is not None else None)
    written = Wake(lambda: runner.wake("audit"))
    buffer = Buffer(audit, installation.audit, written)
    auditor = Auditor(Extent(settings.audit), installation.audit, buffer)
    tenants = Tenants(database, installation)
    reader = AuditReader(audit, chains, buffer, installation.audit, tenants, tokens)

    work = {"merge": MergeJob(jobs).run_once, "audit": chains.run_once}
    if embedder is not None:
        work["embed"] = EmbedJob(jobs, handles, items, models, embedder).run_once
    history_days = settings.history_days
    parts = LogParts(database, timedelta(days=history_days) if history_days is not None else None)
    runner = Runner(work, {"purge": jobs.purge, "log parts": parts.keep, "audit": chains.cut})

    def queued() -> None:
        runner.wake("embed")

    def committed(handle: GraphHandle) -> None:
        hints.committed(handle)
        written()

    log = Log(database, handles)
    history = History(log, tokens)
    views = Views(items, log)
    tailers = Tailers(log)
    feeds = Feeds(Feed(database), handles)
    hints = Hints(log, [tailers, feeds])
    writer = Writer(items, numbers, vectors, queued, committed)
    importer = Importer(database, items, numbers, vectors, queued, committed, status_of)
    arms = Arms(items, models, embedder)
    searcher = Searcher(items, arms, EarlierNodes(items, Past(log), embedder))
    stream_bounds = StreamBounds(
        settings.watch_stall_timeout,
        timedelta(days=settings.watch_window_days),
        settings.max_connection_age or inf,
    )
    services: list[tuple[ServiceDescriptor, object]] = [
        (descriptor(graph_service_pb2, "GraphService"), GraphServicer(graphs, handles, tokens)),
        (descriptor(node_service_pb2, "NodeService"), NodeServicer(handles, items, views, writer, tokens, history)),
        (descriptor(edge_service_pb2, "EdgeService"), EdgeServicer(handles, views, writer, tokens, history)),
        (descriptor(commit_service_pb2, "CommitService"), CommitServicer(handles, writer)),
        (descriptor(traversal_service_pb2, "TraversalService"), TraversalServicer(handles, views, tokens)),
        (
            descriptor(search_service_pb2, "SearchService"),
            SearchServicer(handles, items, views, searcher, arms, tokens, status_of),
        ),
        (descriptor(bulk_service_pb2, "BulkService"), BulkServicer(handles, log, Past(log), importer, tokens)),
        (
            descriptor(watch_service_pb2, "WatchService"),
            WatchServicer(
                handles,
                log,
                tailers,
                FeedStreams(feeds, installation.resume_sealer, stream_bounds),
                installation.resume_sealer,
                stream_bounds,
            ),
        ),
        (
            descriptor(admin_service_pb2, "AdminService"),
            AdminServicer(tenants, api_keys, tokens, reader),
        ),
    ]
    return Assembly(
        Authenticator(api_keys, installation.hash_secret), services, runner, tailers, hints, auditor, buffer
    )


def descriptor(module: object, service: str) -> ServiceDescriptor:
    found: ServiceDescriptor = module.DESCRIPTOR.services_by_name[service]  # type: ignore[attr-defined]
    return found


async def watch_health(
    database: Database,
    runner: Runner,
    set_health: Callable[[str, bool], None],
    revive: Callable[[], None] | None,
) -> None:
    """Tells health of what is away, until cancelled. `revive` starts the bundled database again."""
    pause = PROBE_SECONDS
    while True:
        try:
            await database.ping()
            alive, pause = True, PROBE_SECONDS
        except (Unavailable, asyncpg.PostgresError):
            alive = False
            log.warning("the database does not answer")
            if revive is not None:
                try:
                    await asyncio.to_thread(revive)
                except BundledPostgresError as error:
                    pause = min(2 * pause, LONGEST_PAUSE)
                    log.error("PostgreSQL cannot be started again, next try in %.0f s: %s", pause, error)
        for name in ("", DATABASE_HEALTH):
            set_health(name, alive)
        set_health(EMBEDDER_HEALTH, "embed" not in runner.failing)
        await asyncio.sleep(pause)
