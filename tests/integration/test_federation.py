"""Tokens and client certificates against a server as it is run: over TLS, with an issuer, a map and a database."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import grpc
import pytest

from loci import errors
from loci.v1.graph_service_pb2 import ListGraphsRequest
from loci.v1.graph_service_pb2_grpc import GraphServiceStub
from tests.calls import Bare, collect
from tests.certificates import Authority
from tests.command import Loci
from tests.federation import AGENT, Place, rules
from tests.oidc import IssuerStandIn, signing_key
from tests.postgres import create_database, drop_database
from tests.server import RunningServer, running_server
from tests.waiting import eventually

READER = "spiffe://prod.example/ns/readers/sa/any"
CANARY = "CANARY55d"


@pytest.fixture(scope="module")
def issuer() -> Iterator[IssuerStandIn]:
    made = IssuerStandIn()
    yield made
    made.stop()


@pytest.fixture(scope="module")
async def place(
    postgres_url: str, migrated_template: str, issuer: IssuerStandIn, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Place]:
    folder = tmp_path_factory.mktemp("federation")
    served, clients = Authority(folder, "served"), Authority(folder, "clients")
    pair, plain = served.signed("server"), clients.signed("plain")
    url = await create_database(postgres_url, migrated_template)
    made = Place(RunningServer(None, folder, {}), issuer, clients, served, plain, folder / "map.json")
    made.write(*made.usual())
    settings = {
        "LOCI_TLS_CERTIFICATE": str(pair.certificate),
        "LOCI_TLS_KEY": str(pair.key),
        "LOCI_TLS_CLIENT_CA": str(clients.file),
        "LOCI_IDENTITY_MAP": str(made.map),
        "LOCI_OIDC_ISSUER": issuer.url,
        "LOCI_OIDC_AUDIENCE": "loci",
        "LOCI_OIDC_TENANT_CLAIM": "/org/tenant",
        "LOCI_OIDC_SCOPES_CLAIM": "scope",
        "LOCI_AUDIT": "all",
    }
    async with running_server(url, **settings) as made.server:
        async with made.operator() as operator:
            for tenant in ("acme", "other"):
                await operator.create_tenant(tenant)
        yield made
    await drop_database(url)


def by_certificate(place: Place, *command: str) -> str:
    """What the command prints to an agent with a certificate, on the machine of the server."""
    shown = place.clients.signed("agent", uris=[AGENT])
    files = {"--ca": place.served.file, "--client-cert": shown.certificate, "--client-key": shown.key}
    options = [text for option, file in files.items() for text in (option, str(file))]
    here = Loci({"LOCI_ADDRESS": place.server.address, "LOCI_DATA_DIR": str(place.server.data_dir)})
    return here(*command, *options).out


async def test_a_spiffe_id_acts_in_its_tenant_by_its_own_name(place: Place) -> None:
    async with place.connect(place.clients.signed("agent", uris=[AGENT])) as agent:
        await agent.create_graph("spiffe")
        made = await agent.create_node("spiffe", "a", text="x")
        assert made.revision == 1
        (identity,) = [one for one in await collect(agent.list_identities()) if one.subject == AGENT]
        number = identity.name.rpartition("/")[2]
        (revision,) = await collect(agent.list_node_revisions("spiffe", "a"))
        assert revision.api_key == f"identities/{number}"
        assert await agent.get_identity(revision.api_key) == identity
        entries = await collect(agent.list_audit_entries(api_key=identity.name))
        assert {entry.api_key for entry in entries} == {identity.name}
        assert "loci.v1.NodeService/CreateNode" in {entry.method for entry in entries}
        for option in (f"identities/{number}", number, identity.name):
            listed = await asyncio.to_thread(by_certificate, place, "audit", "list", "--key", option)
            assert f"identities/{number}" in listed
            assert "NodeService/CreateNode" in listed
        watch = aiter(agent.watch("spiffe", start="oldest"))
        assert (await anext(watch)).api_key == f"identities/{number}"
        given = await agent.give_feedback("spiffe", "helpful", node="a")
        assert given.api_key == identity.name
    async with place.connect(place.clients.signed("reader", uris=[READER])) as reader:
        assert (await reader.get_node("spiffe", "a")).text == "x"
        with pytest.raises(errors.ScopeMissing):
            await reader.create_node("spiffe", "b", text="x")


async def test_a_server_that_is_ready_says_that_connections_need_a_certificate(place: Place) -> None:
    assert "every connection needs a client certificate" in place.server.ready
    command = place.server.ready.partition("; try: .venv/bin/loci ")[2]
    for option, file in (("CA.pem", place.served.file), ("CERT.pem", place.plain.certificate)):
        command = command.replace(option, str(file))
    words = command.replace("KEY.pem", str(place.plain.key)).split()
    assert (await asyncio.to_thread(Loci({}), *words)).out


async def test_the_command_says_what_is_wrong_with_tls(place: Place, server: RunningServer) -> None:
    trusted = ("--ca", str(place.served.file))
    for address, options, said in (
        (place.server.address, ("--ca", str(place.clients.file)), "not by an authority that is trusted here"),
        (place.server.address, trusted, "demand a client certificate"),
        (place.server.address, (), "it may speak TLS"),
        (server.address, trusted, "does not speak TLS"),
    ):
        command = Loci({"LOCI_ADDRESS": address, "LOCI_API_KEY": "loci_any"})
        line = await asyncio.to_thread(command.fails, "graphs", "list", *options)
        assert said in line
        assert address in line
        assert "loci serve" not in line


async def test_a_dns_name_acts_within_its_graphs(place: Place) -> None:
    async with place.connect(place.clients.signed("dns", dns=["agent.example"])) as agent:
        await agent.create_graph("team-1")
        await agent.create_node("team-1", "a", text="x")
        assert [graph.name for graph in await collect(agent.list_graphs())] == ["graphs/team-1"]
        with pytest.raises(errors.GraphNotGranted):
            await agent.create_node("spiffe", "b", text="x")


async def test_a_token_acts_in_its_tenant_and_is_told_by_its_subject(place: Place) -> None:
    token = place.issuer.token(sub="ann", groups=["dev", "ops"])
    async with place.connect(token=token) as agent:
        await agent.create_graph("tokens")
        (identity,) = [one for one in await collect(agent.list_identities()) if one.subject == "ann"]
        assert (identity.issuer, identity.kind) == (place.issuer.url, 3)
    async with place.operator() as operator:
        assert await operator.get_identity(identity.name) == identity
        with pytest.raises(errors.IdentityNotFound):
            await operator.get_identity(identity.name.rpartition("/")[2], tenant="other")


async def test_who_acts_in_a_tenant_is_told_to_no_other(place: Place) -> None:
    async with place.connect(token=place.issuer.token(sub="secret-agent", groups=["ops"])) as agent:
        (identity,) = [one for one in await collect(agent.list_identities()) if one.subject == "secret-agent"]
    number = identity.name.rpartition("/")[2]
    async with place.operator() as operator:
        key = (await operator.create_api_key(["admin"], tenant="other")).secret
        told = []
        for tenant in ("acme", "nowhere"):
            for identifier in (number, "1234567890123456789"):
                name = f"tenants/{tenant}/identities/{identifier}"
                async with place.connect(api_key=key) as stranger:
                    with pytest.raises(errors.LociError) as refused:
                        await stranger.get_identity(name)
                told.append((type(refused.value), str(refused.value).replace(name, "")))
        assert len(set(told)) == 1, "that it is there is not told either"
    async with place.connect(api_key=key) as stranger:
        told = []
        for identifier in (number, "1234567890123456789"):
            with pytest.raises(errors.IdentityNotFound) as missing:
                await stranger.get_identity(f"identities/{identifier}")
            told.append(str(missing.value).replace(identifier, ""))
        assert told[0] == told[1]
        assert number not in str(await collect(stranger.list_identities()))


async def test_the_same_subject_is_another_in_another_tenant(place: Place) -> None:
    names = []
    for tenant in ("acme", "other"):
        token = place.issuer.token(sub="twice", org={"tenant": tenant}, scope="openid loci:admin loci:operator")
        async with place.connect(token=token) as agent:
            names += [one.name for one in await collect(agent.list_identities()) if one.subject == "twice"]
            with pytest.raises(errors.ScopeMissing):
                await collect(agent.list_tenants())
    assert len(names) == 2
    assert names[0].rpartition("/")[2] != names[1].rpartition("/")[2]


async def test_an_operator_is_one_by_a_rule_only(place: Place) -> None:
    async with place.connect(token=place.issuer.token(sub="root", groups=["operators"])) as operator:
        assert "tenants/acme" in {tenant.name for tenant in await collect(operator.list_tenants())}


async def test_what_stands_in_the_header_counts_alone(place: Place) -> None:
    agent = place.clients.signed("agent-again", uris=[AGENT])
    for wrong in ("loci_wrong", place.issuer.token(exp=1), "x.y.z"):
        async with place.connect(agent, api_key=wrong) as client:
            with pytest.raises(errors.Unauthenticated):
                await collect(client.list_graphs())
    async with place.connect(agent, api_key=place.server.operator_key) as client:
        assert await collect(client.list_tenants())
        entries = await collect(client.list_audit_entries(page_size=100))
        assert "/apiKeys/" in entries[0].api_key


async def test_whom_nothing_maps_is_denied_and_a_lost_tenant_is_no_other(place: Place) -> None:
    for client in (
        place.connect(token=place.issuer.token(sub=CANARY)),
        place.connect(token=place.issuer.token(sub=CANARY, org={"tenant": "acme"}, scope="admin")),
        place.connect(place.clients.signed("unmapped", uris=["spiffe://prod.example/ns/else"])),
    ):
        async with client:
            with pytest.raises(errors.IdentityUnknown) as raised:
                await collect(client.list_graphs())
            assert CANARY not in str(raised.value)
    async with place.connect() as nobody:
        with pytest.raises(errors.CredentialInvalid, match="neither a SPIFFE id nor"):
            await collect(nobody.list_graphs())
    for token in (
        place.issuer.token(groups=["lost"]),
        place.issuer.token(org={"tenant": "nowhere"}, scope="loci:read"),
    ):
        async with place.connect(token=token) as lost:
            with pytest.raises(errors.CredentialInvalid):
                await collect(lost.list_graphs())


async def test_a_key_that_is_new_is_taken_and_one_of_a_stranger_is_not(place: Place) -> None:
    place.issuer.keys.append(signing_key("rotated", "RS256"))
    try:
        async with place.connect(token=place.issuer.token(place.issuer.keys[-1], groups=["ops"])) as agent:
            await collect(agent.list_graphs())
    finally:
        del place.issuer.keys[-1]
    async with place.connect(token=place.issuer.token(signing_key("one"), groups=["ops"])) as stranger:
        with pytest.raises(errors.CredentialInvalid, match="signature"):
            await collect(stranger.list_graphs())


async def test_tokens_of_the_largest_size_arrive_and_larger_ones_are_refused(place: Place) -> None:
    for size, refusal in ((5800, None), (9000, errors.CredentialInvalid)):
        async with place.connect(token=place.issuer.token(groups=["ops"], filler="x" * size)) as agent:
            if refusal is None:
                await collect(agent.list_graphs())
            else:
                with pytest.raises(refusal):
                    await collect(agent.list_graphs())


async def test_a_rule_that_is_taken_away_ends_calls_and_watches_within_ten_seconds(place: Place) -> None:
    token = place.issuer.token(sub="leaver", groups=["ops"])
    async with place.connect(token=token) as agent, place.connect(token=token) as watching:
        await agent.create_graph("left")
        stream = aiter(watching.watch("left", start="oldest", progress_interval=1.0))
        first = asyncio.create_task(anext(stream))
        await agent.create_node("left", "a", text="x")
        assert (await first).revision == 1
        ended = asyncio.create_task(anext(stream))
        async with rules(place, {"issuer": place.issuer.url, "claims": {"groups": "nobody"}}):

            async def refused() -> bool:
                try:
                    await collect(agent.list_graphs())
                except errors.IdentityUnknown:
                    return True
                return False

            await eventually(refused, within=10.0)
            with pytest.raises(errors.IdentityUnknown):
                await asyncio.wait_for(ended, 10)

        async def back() -> bool:
            return not await refused()

        await eventually(back, within=10.0)


async def test_a_stream_does_not_go_on_with_what_its_credential_may_not_do_any_more(place: Place) -> None:
    """The tenant of an identity changes: its watch must not go on in the one before."""
    mover = place.clients.signed("mover", uris=["spiffe://prod.example/ns/readers/sa/mover"])
    async with place.connect(place.clients.signed("writer", uris=[AGENT])) as agent, place.connect(mover) as watching:
        await agent.create_graph("moved")
        stream = aiter(watching.watch("moved", start="oldest", progress_interval=1.0))
        first = asyncio.create_task(anext(stream))
        await agent.create_node("moved", "a", text="x")
        await first
        ended = asyncio.create_task(anext(stream))
        moved = {"spiffe": "spiffe://prod.example/ns/readers/*", "tenant": "other"}
        async with rules(place, {"spiffe": AGENT, "scopes": ["admin"]}, moved):
            with pytest.raises((errors.GraphNotFound, errors.InvalidResumeToken)):
                await asyncio.wait_for(ended, 20)


async def test_a_deleted_tenant_is_refused_within_ten_seconds(place: Place) -> None:
    token = place.issuer.token(sub="orphan", org={"tenant": "gone"}, scope="loci:read")
    async with place.operator() as operator, place.connect(token=token) as agent:
        await operator.create_tenant("gone")
        await collect(agent.list_graphs())
        await operator.delete_tenant("gone")

        async def refused() -> bool:
            try:
                await collect(agent.list_graphs())
            except errors.CredentialInvalid:
                return True
            return False

        await eventually(refused, within=10.0)


async def test_a_map_that_is_wrong_changes_nothing_and_is_said(place: Place) -> None:
    token = place.issuer.token(sub="steady", groups=["ops"])
    async with place.connect(token=token) as agent:
        try:
            place.map.write_text('{"rules": [{"tenant": "acme", "scopes": ["everything"]}]}')

            async def said() -> bool:
                return "rules[0].scopes[0]" in place.server.log

            await eventually(said)
            await collect(agent.list_graphs())
        finally:
            place.write(*place.usual())


async def test_while_the_issuer_is_away_known_keys_serve_and_unknown_ones_are_not_judged(place: Place) -> None:
    good = place.issuer.token(sub="stays", groups=["ops"])
    async with place.connect(token=good) as agent:
        await collect(agent.list_graphs())
        place.issuer.stop()
        try:
            await collect(agent.list_graphs())
            late = place.issuer.token(signing_key("late"), groups=["ops"])
            async with place.channel() as channel:  # the client would try again and again
                with pytest.raises(errors.IssuerUnavailable) as raised:
                    await Bare(channel, late).unary(GraphServiceStub, "ListGraphs", ListGraphsRequest())
                assert raised.value.retry_after is not None
        finally:
            place.issuer.start()


async def test_no_part_of_a_token_is_logged_or_audited(place: Place) -> None:
    token = place.issuer.token(sub=CANARY, groups=["ops"], note=CANARY)
    refused = place.issuer.token(sub=CANARY, aud=CANARY)
    async with place.connect(token=token) as agent:
        await agent.create_graph("audited")
        with pytest.raises(errors.NodeNotFound):
            await agent.get_node("audited", "none")
        entries = await collect(agent.list_audit_entries(page_size=100))
    async with place.connect(token=refused) as stranger:
        with pytest.raises(errors.CredentialInvalid) as raised:
            await collect(stranger.list_graphs())
    async with place.operator() as operator:
        entries += await collect(operator.list_audit_entries("installation", page_size=100))
    told = place.server.log + str(entries) + str(raised.value)
    assert CANARY not in told
    for part in (*token.split("."), *refused.split(".")):
        assert part not in told


async def test_a_certificate_is_not_taken_from_a_header(place: Place) -> None:
    """A header is what the caller says of himself, as it would be behind a proxy."""
    pem = place.clients.signed("forged", uris=[AGENT]).certificate.read_text()
    flat = pem.replace("\n", " ").strip()
    async with place.channel() as channel:
        call = channel.unary_unary("/loci.v1.GraphService/ListGraphs")
        for metadata in (
            (("authorization", f"Bearer {flat}"),),
            (("x-forwarded-client-cert", flat),),
            (("x509_pem_cert", flat),),
        ):
            with pytest.raises(grpc.aio.AioRpcError) as raised:
                await call(b"", metadata=metadata)
            assert raised.value.code() is grpc.StatusCode.UNAUTHENTICATED


async def test_a_server_does_not_start_with_a_wrong_map(
    postgres_url: str, migrated_template: str, tmp_path: Path
) -> None:
    path = tmp_path / "map.json"
    path.write_text('{"rules": [{"dns": "a.example", "tenant": "acme", "scopes": []}]}')
    url = await create_database(postgres_url, migrated_template)
    with pytest.raises(RuntimeError, match=r"rules\[0\]\.scopes"):
        async with running_server(url, LOCI_IDENTITY_MAP=str(path)):
            pass
    await drop_database(url)
