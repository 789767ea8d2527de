"""Puts one process together: database, keys, domain, services, listener, background jobs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from math import inf

from google.protobuf.descriptor import ServiceDescriptor

from loci.v1 import (
    admin_service_pb2,
    bulk_service_pb2,
    commit_service_pb2,
    edge_service_pb2,
    graph_service_pb2,
    memory_service_pb2,
    node_service_pb2,
    search_service_pb2,
    traversal_service_pb2,
    watch_service_pb2,
)
from loci_server.audit.auditor import Auditor, Extent
from loci_server.audit.buffer import Buffer
from loci_server.audit.chain import Chains, Wake
from loci_server.codec.page_tokens import PageTokens
from loci_server.crypto.cache import CachedKeys, Keeping
from loci_server.crypto.installation import Installation
from loci_server.domain.quotas import Quota
from loci_server.domain.salience import HalfLives
from loci_server.embedding import Embedders
from loci_server.identity.authenticator import Authenticator
from loci_server.identity.credentials import Credentials
from loci_server.identity.factory import make_federation
from loci_server.identity.federation import Federation
from loci_server.identity.guesses import Guesses
from loci_server.jobs.embed import EmbedJob
from loci_server.jobs.erase import EraseJob
from loci_server.jobs.expire import ExpireJob
from loci_server.jobs.gauges import Gauges
from loci_server.jobs.index import IndexJob
from loci_server.jobs.key_news import KeyNews
from loci_server.jobs.key_uses import KeyUses
from loci_server.jobs.merge import MergeJob
from loci_server.jobs.presence import Presence
from loci_server.jobs.recalculate import RecalculateJob
from loci_server.jobs.rederiving import Rederiving
from loci_server.jobs.reembed import ReembedJob
from loci_server.jobs.rotate_keys import RotateKeysJob, WornKeys
from loci_server.jobs.runner import Runner
from loci_server.memory.asked import AskedQueries
from loci_server.memory.feedback import FeedbackBook
from loci_server.memory.forget import Forgetter
from loci_server.memory.query_log import QueryLog
from loci_server.memory.recall import Recaller
from loci_server.memory.remember import Rememberer
from loci_server.memory.saliences import Saliences
from loci_server.memory.sessions import Sessions
from loci_server.memory.traces import Retention, Traces
from loci_server.memory.use_counts import UseCounts
from loci_server.reranking import Reranker
from loci_server.rpc.errors import status_of
from loci_server.search.arms import Arms
from loci_server.search.earlier import EarlierNodes
from loci_server.search.scanning import Scans
from loci_server.search.searcher import Searcher
from loci_server.search.tokens import token_counter
from loci_server.search.turns import Turns
from loci_server.services.admin import AdminServicer
from loci_server.services.audit import AuditReader
from loci_server.services.bulk import BulkServicer
from loci_server.services.commits import CommitServicer
from loci_server.services.edges import EdgeServicer
from loci_server.services.erasures import Erasing
from loci_server.services.feed import FeedStreams, StreamBounds
from loci_server.services.feedback import Judging
from loci_server.services.graphs import GraphServicer
from loci_server.services.history import History
from loci_server.services.identities import IdentityReader
from loci_server.services.key_rotations import Rotating
from loci_server.services.memory import MemoryServicer, Recalling
from loci_server.services.nodes import NodeServicer
from loci_server.services.query_history import QueryHistory
from loci_server.services.reembeddings import Reembeddings
from loci_server.services.remembering import Remembering
from loci_server.services.salience import Weighing
from loci_server.services.search import SearchServicer
from loci_server.services.sessions import Conversations
from loci_server.services.traversal import TraversalServicer
from loci_server.services.views import Views
from loci_server.services.watch import WatchServicer
from loci_server.settings import Settings
from loci_server.store.audit import Audit
from loci_server.store.derived_data import DerivedData
from loci_server.store.erasures import Erasures
from loci_server.store.feed import Feed
from loci_server.store.feedback import FeedbackStore
from loci_server.store.graph_models import GraphModels
from loci_server.store.graphs import Graphs
from loci_server.store.handles import LIFETIME, MAX_OPEN, PURPOSES, GraphHandle, Handles
from loci_server.store.identities import Identities
from loci_server.store.items import Items
from loci_server.store.jobs import Jobs
from loci_server.store.key_rotations import KeyRotations
from loci_server.store.log import Log
from loci_server.store.log_parts import LogParts
from loci_server.store.models import Models
from loci_server.store.notes import Notes
from loci_server.store.numbers import Numbers
from loci_server.store.past import Past
from loci_server.store.pool import Database
from loci_server.store.queries import Queries
from loci_server.store.quotas import QuotaRows
from loci_server.store.reembedding import Reembedding
from loci_server.store.servers import Servers
from loci_server.store.tenants import ApiKeys, Tenants
from loci_server.store.uses import NodeUses
from loci_server.telemetry.metrics import Instruments
from loci_server.watch.feeds import Feeds
from loci_server.watch.hints import Hints
from loci_server.watch.tailers import Tailers
from loci_server.writing.importer import Importer
from loci_server.writing.quotas import Quotas
from loci_server.writing.vectors import Vectors
from loci_server.writing.writer import Writer


@dataclass(frozen=True, slots=True)
class Assembly:
    """One process, ready to listen."""

    authenticator: Credentials
    federation: Federation
    services: list[tuple[ServiceDescriptor, object]]
    handles: Handles
    runner: Runner
    tailers: Tailers
    hints: Hints
    auditor: Auditor
    buffer: Buffer
    presence: Presence
    key_news: KeyNews
    traces: Traces
    key_uses: KeyUses
    quotas: Quotas
    gauges: Gauges


def assemble(
    database: Database,
    keys: CachedKeys,
    installation: Installation,
    embedders: Embedders,
    reranker: Reranker | None,
    settings: Settings,
    instruments: Instruments,
) -> Assembly:
    """Everything between the listener and the database."""
    rotations = KeyRotations(database)
    key_news = KeyNews(rotations)
    handles = Handles(database, keys, handle_lifetime(settings), key_news.in_touch, rotations.doubt)
    items = Items(database, handles)
    models = Models(database)
    graph_models = GraphModels(database)
    reembedding = Reembedding(database)
    numbers = Numbers(database)
    jobs = Jobs(database)
    graphs = Graphs(database, keys, installation, handles)
    api_keys = ApiKeys(database, installation)
    identities = Identities(database, installation)
    federation = make_federation(settings, identities)
    guesses = Guesses(settings.max_failed_credentials)
    key_uses = KeyUses(api_keys)
    authenticator = Authenticator(api_keys, installation.hash_secret, used=key_uses.note, guesses=guesses)
    tokens = PageTokens(installation.token_sealer)
    vectors = Vectors(models, graph_models, embedders)

    half_lives = HalfLives(settings.salience_half_lives)
    notes = Notes(database, handles)
    node_uses, queries = NodeUses(database, notes), Queries(database, notes)
    query_log = QueryLog(queries)
    traces = Traces(UseCounts(node_uses), query_log if settings.query_history else None)
    query_days = settings.query_history_days
    retention = Retention(queries, timedelta(days=query_days) if query_days is not None else None)

    audit_days = settings.audit_days
    audit = Audit(database)
    chains = Chains(audit, installation.audit, timedelta(days=audit_days) if audit_days is not None else None)
    written = Wake(lambda: runner.wake("audit"))
    buffer = Buffer(audit, installation.audit, written)
    auditor = Auditor(Extent(settings.audit), installation.audit, buffer)
    tenants = Tenants(database, installation)
    reader = AuditReader(audit, chains, buffer, installation.audit, tenants, tokens)

    def queued() -> None:
        runner.wake("embed")

    def committed(handle: GraphHandle) -> None:
        hints.committed(handle)
        written()

    quota_rows = QuotaRows(database)
    quotas = Quotas(quota_rows, default_quota(settings))

    def keys_changed() -> None:
        key_news.wake()
        runner.wake("keys")

    def later(job: str) -> Callable[[float], None]:
        return lambda seconds: runner.wake_after(job, seconds)

    rederiving = Rederiving(DerivedData(database), handles, lambda: runner.wake("merge"))
    rotating = RotateKeysJob(
        jobs, handles, rotations, keys, rederiving, settings.max_deadline, keys_changed, later("keys")
    )
    worn = WornKeys(jobs, handles, rotations, rotating, settings.data_key_days, settings.data_key_encryptions)
    erasures = Erasures(database)
    erasing = Erasing(erasures, tenants, handles, installation, tokens, lambda: erased())

    def erased() -> None:
        keys_changed()
        runner.wake("erase")

    writer = Writer(items, numbers, vectors, queued, committed, quotas)
    work = {
        "merge": MergeJob(jobs).run_once,
        "index": IndexJob(jobs, settings.vector_index_threshold).run_once,
        "expire": ExpireJob(jobs, handles, writer).run_once,
        "audit": chains.run_once,
        "recalculate": RecalculateJob(jobs, node_uses, half_lives).run_once,
        "keys": rotating.run_once,
        "erase": EraseJob(
            erasures, rotations, keys, installation, settings.max_deadline, keys_changed, later("erase")
        ).run_once,
    }
    presence = Presence(embedders, None, lambda: None)
    if embedders.current is not None:
        work["embed"] = EmbedJob(jobs, handles, items, models, graph_models, embedders).run_once
        work["reembed"] = ReembedJob(
            jobs, handles, items, models, graph_models, reembedding, embedders, instruments
        ).run_once
        servers = Servers(database, embedders.current.model)
        presence = Presence(embedders, servers, lambda: runner.wake("reembed"))
    history_days = settings.history_days
    parts = LogParts(database, timedelta(days=history_days) if history_days is not None else None)
    upkeep = {
        "purge": jobs.purge,
        "log parts": parts.keep,
        "audit": chains.cut,
        "queries": retention.purge,
        "uses": node_uses.purge,
        "keys": worn.run_once,
    }
    runner = Runner(work, upkeep, instruments)

    log = Log(database, handles)
    history = History(log, tokens)
    views = Views(items, log)
    tailers = Tailers(log, handles)
    feeds = Feeds(Feed(database), handles)
    hints = Hints(log, [tailers, feeds])
    importer = Importer(database, items, numbers, vectors, queued, committed, writer.expire, status_of, quotas)
    arms = Arms(items, models, graph_models, embedders)
    searcher = Searcher(items, arms, EarlierNodes(items, Past(log), embedders), reranker, half_lives)
    turns = Turns()
    scans = Scans(items, turns)
    stream_bounds = StreamBounds(
        settings.watch_stall_timeout,
        timedelta(days=settings.watch_window_days),
        settings.max_connection_age or inf,
    )
    services: list[tuple[ServiceDescriptor, object]] = [
        (descriptor(graph_service_pb2, "GraphService"), GraphServicer(graphs, handles, tokens, quotas, erasing)),
        (descriptor(node_service_pb2, "NodeService"), NodeServicer(handles, items, views, writer, tokens, history)),
        (descriptor(edge_service_pb2, "EdgeService"), EdgeServicer(handles, views, writer, tokens, history)),
        (descriptor(commit_service_pb2, "CommitService"), CommitServicer(handles, writer)),
        (descriptor(traversal_service_pb2, "TraversalService"), TraversalServicer(handles, views, tokens)),
        (
            descriptor(search_service_pb2, "SearchService"),
            SearchServicer(handles, scans, views, searcher, arms, tokens, status_of, traces),
        ),
        (
            descriptor(memory_service_pb2, "MemoryService"),
            MemoryServicer(
                Recalling(
                    handles, scans, views, Recaller(searcher, token_counter(settings.tokenizer_file)), arms, traces
                ),
                Remembering(handles, Rememberer(items, writer), Forgetter(items, writer, turns)),
                Conversations(handles, views, Sessions(items, writer), tokens),
                Weighing(handles, Saliences(items, node_uses, half_lives)),
                QueryHistory(handles, queries, query_log, tokens),
                Judging(
                    handles,
                    FeedbackBook(
                        items, FeedbackStore(notes), AskedQueries(query_log) if settings.query_history else None
                    ),
                    tokens,
                ),
            ),
        ),
        (
            descriptor(bulk_service_pb2, "BulkService"),
            BulkServicer(handles, log, Past(log), importer, node_uses, tokens),
        ),
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
            AdminServicer(
                tenants,
                api_keys,
                tokens,
                reader,
                IdentityReader(identities, tokens),
                Reembeddings(handles, reembedding, embedders, tokens, lambda: runner.wake("reembed")),
                Rotating(handles, rotations, rotating, keys, tenants, tokens, keys_changed),
                erasing,
                quota_rows,
                quotas,
                authenticator.forget,
            ),
        ),
    ]
    return Assembly(
        Credentials(authenticator, federation, guesses),
        federation,
        services,
        handles,
        runner,
        tailers,
        hints,
        auditor,
        buffer,
        presence,
        key_news,
        traces,
        key_uses,
        quotas,
        Gauges(jobs, reembedding, instruments),
    )


def descriptor(module: object, service: str) -> ServiceDescriptor:
    found: ServiceDescriptor = module.DESCRIPTOR.services_by_name[service]  # type: ignore[attr-defined]
    return found


def default_quota(settings: Settings) -> Quota:
    """What holds where the quota of a tenant says nothing."""
    return Quota(
        settings.quota_requests_per_second,
        settings.quota_request_burst,
        settings.quota_graphs,
        settings.quota_nodes,
        settings.quota_bytes,
    )


def handle_lifetime(settings: Settings) -> float:
    """Seconds for which a graph stays open: within the time for which its keys may be kept at all."""
    return min(LIFETIME, settings.key_refresh)


def keeping(settings: Settings) -> Keeping:
    """What is kept of keys beside open graphs, so that no key is used for longer than `key_lifetime`."""
    return Keeping(settings.key_refresh, settings.key_lifetime - handle_lifetime(settings), len(PURPOSES) * MAX_OPEN)
