"""Two tenants with the same ids and other contents, and every method called by each: what there is to be seen, and the
identifiers to look for it with."""

import random
from collections import defaultdict
from dataclasses import dataclass, field

import grpc
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from loci import AsyncClient, mutations
from loci_server.rpc.scopes import OPERATOR, REQUIRED
from tests.calls import collect
from tests.fuzz import world
from tests.fuzz.cases import message
from tests.fuzz.generator import Generator
from tests.fuzz.methods import Method, methods
from tests.fuzz.world import World
from tests.integration.isolation.calls import Caller, Exchange
from tests.integration.isolation.identifiers import CONTENT, QUERY, Pool
from tests.leaves import leaves, put
from tests.server import RunningServer

SECRET = "zqxsecretzqx"
"""In contents of the victim. Nobody else has a use for it."""
HIDDEN = "zqxhiddenzqx"
"""In ids of the victim that no probe sends."""
SAMPLES = 3
"""Good calls that are wanted of each method."""
TRIES = 400
KEYS = ("admin", "read", "write", "operator", "admin operator")

ELSEWHERE = (
    *("/loci.v1.GraphService/EraseGraph", "/loci.v1.AdminService/GetErasure"),
    *("/loci.v1.AdminService/RotateKeys", "/loci.v1.AdminService/GetIdentity"),
)
"""After an erasure there would be nothing to compare, a rotation would go on beside, and an identity takes an issuer.
What these tell of other tenants is tested in test_elsewhere."""
CALLABLE = [
    method
    for method in methods()
    if method.path.startswith("/loci.v1.")
    and REQUIRED[method.path[1:].replace("/", ".")] != OPERATOR
    and method.path not in ELSEWHERE
]
"""What a tenant may call for itself."""


@dataclass(slots=True)
class Tenant:
    """One tenant: its keys by scope, what it asked and was answered, and all its identifiers."""

    id: str
    keys: dict[str, str]
    there: World
    exchanges: dict[str, list[Exchange]] = field(default_factory=lambda: defaultdict(list))
    pool: Pool = field(default_factory=lambda: Pool(SECRET))


async def build(server: RunningServer, id: str, rng: random.Random, *, secret: bool) -> Tenant:
    """A tenant that has called every method. With `secret` its contents hold SECRET, and it has more of everything."""
    tenant = await _begun(server, id)
    async with server.client(tenant.keys["admin"]) as client:
        for graph in world.GRAPHS:
            await client.create_graph(graph, display_name=SECRET if secret else "")
            await client.commit(graph, world.contents())
        await client.start_session(world.GRAPHS[0], world.SESSION)
        await client.append_turns(
            world.GRAPHS[0], world.SESSION, [f"{SECRET if secret else 'tea'} {n}" for n in "1234"]
        )
        await _call_everything(server, client, tenant, rng, secret=secret)
        if secret:
            tenant.pool.add(QUERY, *await _hide(client))
        await client.verify_audit()  # which brings all entries into the chain
    return tenant


async def _begun(server: RunningServer, id: str) -> Tenant:
    async with server.client() as operator:
        await operator.create_tenant(id)
        keys, spare = {}, []
        for scope in KEYS:
            keys[scope] = (await operator.create_api_key(scope.split(), tenant=id)).secret
            spare.append((await operator.create_api_key(["read"], tenant=id)).api_key.name)
    return Tenant(id, keys, World(keys["admin"], spare))


async def _call_everything(
    server: RunningServer, client: AsyncClient, tenant: Tenant, rng: random.Random, *, secret: bool
) -> None:
    generator = Generator(rng, tenant.there)
    async with grpc.aio.insecure_channel(server.address) as channel:
        caller = Caller(channel)
        for number, method in enumerate(CALLABLE):
            for _ in range(TRIES):
                request = generated(generator, rng, method, content=SECRET if secret else None)
                exchange = await caller.call(method, [raw.SerializeToString() for raw in request], tenant.there.key)
                if exchange.code == "OK":
                    tenant.pool.learn(request)
                    await _keep(caller, tenant, exchange)
                    if len(tenant.exchanges[method.path]) >= SAMPLES:
                        break
            if number % 10 == 9:
                await world.mend_graphs(client)
    await world.mend_graphs(client)


async def _keep(caller: Caller, tenant: Tenant, exchange: Exchange) -> None:
    """Takes it up, and what stands on the next page."""
    tenant.exchanges[exchange.method.path].append(exchange)
    tenant.pool.learn(exchange.answers)
    request = parsed(exchange.method, exchange.messages[0])
    token = next((token for answer in exchange.answers if (token := getattr(answer, "next_page_token", ""))), "")
    token = token or next((token for answer in exchange.answers if (token := getattr(answer, "resume_token", ""))), "")
    name = "resume_token" if "resume_token" in request.DESCRIPTOR.fields_by_name else "page_token"
    if token and not getattr(request, name):
        setattr(request, name, token)
        again = await caller.call(exchange.method, [request.SerializeToString()], tenant.there.key)
        if again.code == "OK":
            tenant.exchanges[exchange.method.path].append(again)


async def _hide(client: AsyncClient) -> list[str]:
    """Things of which no probe knows, in graphs that it knows and beside them. Ids of queries, which it may know."""
    queries = []
    await client.create_graph(HIDDEN, display_name=SECRET)
    for graph in (HIDDEN, world.GRAPHS[0]):
        await client.commit(
            graph,
            [
                mutations.create_node(
                    f"{HIDDEN}-{number}", type=HIDDEN, text=f"{SECRET} tea", embedding=("m", [1, 0, 0])
                )
                for number in range(20)
            ]
            + [
                mutations.create_edge(f"{HIDDEN}-0", HIDDEN, f"{HIDDEN}-1"),
                mutations.create_edge(f"{HIDDEN}-0", "knows", f"{HIDDEN}-2"),
            ],
            note=SECRET,
        )
        await client.start_session(graph, HIDDEN, title=SECRET)
        await client.import_items(graph, [], import_id=HIDDEN)
        queries.append((await client.search(graph, f"{SECRET} tea")).query_id)
        queries.append((await client.recall(graph, f"{SECRET} tea")).query_id)
        await client.give_feedback(graph, "helpful", node=f"{HIDDEN}-0", query_id=queries[-1], comment=SECRET)
        await collect(client.list_queries(graph))  # which has them written
    return queries


def generated(generator: Generator, rng: random.Random, method: Method, content: str | None = None) -> list[Message]:
    """A good request, as far as chance goes; with one word in all of its contents, if wanted."""
    count = 2 if method.asks_many else 1
    made = [parsed(method, message(rng, generator, method, place, 0.0)) for place in range(count)]
    for one in made:
        tame(one)
        if "import_id" in one.DESCRIPTOR.fields_by_name and rng.random() < 0.5:
            put(one, ("import_id",), f"new{rng.randrange(1000)}")
        for leaf in leaves(one):
            if content and is_secret(leaf.kind):
                leaf.replace(f"{content} tea")
    return made


def is_secret(field: str) -> bool:
    """Whether it holds words of the tenant. Operators may see how keys are called."""
    return field.rpartition(".")[2] in CONTENT and "valid" not in field and field != "ApiKey.display_name"


def tame(request: Message) -> None:
    """Takes out what makes the same call end otherwise at another moment."""
    fields = request.DESCRIPTOR.fields_by_name
    if "unrecorded" in fields:
        request.unrecorded = True  # type: ignore[attr-defined]  # it has the field
    if "page_size" in fields and request.page_size > 2:  # type: ignore[attr-defined]  # likewise
        request.page_size = 2  # type: ignore[attr-defined]  # likewise
    for name in ("ttl", "expire_time"):
        if name in fields:
            request.ClearField(name)
    for descriptor, value in request.ListFields():
        inner = descriptor.message_type
        if inner is not None and inner.full_name.startswith("loci.v1.") and not inner.GetOptions().map_entry:
            for item in value if descriptor.is_repeated else [value]:
                tame(item)


def parsed(method: Method, raw: bytes) -> Message:
    return GetMessageClass(method.request).FromString(raw)
