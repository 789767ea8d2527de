"""The keys of an issuer: rotated without refusing a good token, used while it is away for a time that ends, and asked
for no more often than need be."""

import asyncio
import ssl
import threading
from pathlib import Path
from typing import Any

import pytest

from loci_server.errors import IssuerUnavailable, TokenInvalid
from loci_server.identity.tokens.documents import Cause, DocumentError, Documents
from loci_server.identity.tokens.issuer import PAUSE, Issuer, Keeping
from loci_server.identity.tokens.jwt import parsed
from loci_server.identity.tokens.keys import MAX_KEYS, KeySetError, read_keys
from loci_server.identity_settings import OidcIssuer
from tests.certificates import Authority
from tests.oidc import AUDIENCE, CONFIGURATION, KEYS, IssuerStandIn, endless, packed, raw, redirect, signing_key, slow
from tests.unit.identity.tokens.conftest import Place
from tests.waiting import eventually


async def test_keys_are_asked_for_once_for_all_who_wait(place: Place) -> None:
    token = place.stand_in.token()
    await asyncio.gather(*(place.checker.check(token) for _ in range(20)))
    assert place.stand_in.asked == [CONFIGURATION, KEYS]


async def test_a_key_set_that_is_named_needs_no_discovery(place: Place) -> None:
    place.set_up(jwks_url=f"{place.stand_in.url}{KEYS}")
    await place.checker.check(place.stand_in.token())
    assert place.stand_in.asked == [KEYS]


async def test_a_new_key_is_taken_at_once_and_the_old_one_until_it_is_gone(place: Place) -> None:
    old = place.stand_in.token()
    await place.checker.check(old)
    place.time += PAUSE
    place.stand_in.keys.append(signing_key("two"))
    new = place.stand_in.token(place.stand_in.keys[1])
    await place.checker.check(new)
    await place.checker.check(old)
    assert place.stand_in.fetches() == 2
    del place.stand_in.keys[0]
    place.time += 601
    with pytest.raises(TokenInvalid):
        await place.checker.check(old)
    await place.checker.check(new)


async def test_unknown_keys_ask_seldom_and_keep_no_good_token_out(place: Place) -> None:
    await place.checker.check(place.stand_in.token())
    place.time += PAUSE
    stranger = signing_key("stranger")
    with pytest.raises(TokenInvalid):
        await place.checker.check(place.stand_in.token(stranger))
    for _ in range(50):
        with pytest.raises(IssuerUnavailable):
            await place.checker.check(place.stand_in.token(stranger))
    assert place.stand_in.fetches() == 2
    rotated = signing_key("two")
    place.stand_in.keys.append(rotated)
    good = place.stand_in.token(rotated)
    with pytest.raises(IssuerUnavailable) as raised:
        await place.checker.check(good)
    assert 0 < (raised.value.retry_after or 0) <= PAUSE
    assert place.stand_in.fetches() == 2
    place.time += raised.value.retry_after or 0
    await place.checker.check(good)
    assert place.stand_in.fetches() == 3


async def test_a_key_that_is_published_a_moment_after_it_was_asked_for_is_waited_for(place: Place) -> None:
    await place.checker.check(place.stand_in.token())
    place.time += PAUSE
    early = signing_key("early")
    token = place.stand_in.token(early)
    with pytest.raises(TokenInvalid):
        await place.checker.check(token)
    place.stand_in.keys.append(early)
    place.time += 1.0
    with pytest.raises(IssuerUnavailable) as raised:
        await place.checker.check(token)
    assert raised.value.retry_after == pytest.approx(PAUSE - 1.0)
    place.time += raised.value.retry_after
    await place.checker.check(token)


async def test_a_key_that_is_known_is_no_reason_to_ask(place: Place) -> None:
    await place.checker.check(place.stand_in.token())
    place.time += PAUSE
    other = signing_key("one", "ES384")
    for _ in range(3):
        with pytest.raises(TokenInvalid):
            await place.checker.check(place.stand_in.token(other))
    assert place.stand_in.fetches() == 1


async def test_an_issuer_that_hangs_is_waited_for_once_while_its_keys_are_held(place: Place) -> None:
    source = Hanging()
    place.issuer = Issuer(place.told, source, Keeping(300.0, 3600.0), lambda: place.time)
    token = place.stand_in.token()
    assert await place.issuer.signed(parsed(token))
    place.time += 700
    source.hangs.set()
    waiting = asyncio.create_task(place.issuer.signed(parsed(token)))
    await source.asked.wait()
    assert not waiting.done()
    source.give_up()
    assert await waiting
    stranger = parsed(place.stand_in.token(signing_key("stranger")))
    for _ in range(200):
        source.asked.clear()
        place.time += PAUSE
        async with asyncio.timeout(10):
            assert await place.issuer.signed(parsed(token)), "it does not wait: nobody would let it go on"
            with pytest.raises(IssuerUnavailable):
                await place.issuer.signed(stranger)
        await source.asked.wait()
        source.give_up()
        await source.given_up.wait()
    source.hangs.clear()
    place.time += PAUSE
    await place.issuer.signed(parsed(token))

    async def answers_again() -> bool:
        return place.issuer.trouble is None

    await eventually(answers_again)
    await place.issuer.close()


async def test_a_key_that_was_withdrawn_while_nobody_called_is_not_taken_after_an_outage(place: Place) -> None:
    token = place.stand_in.token()
    await place.checker.check(token)
    place.stand_in.stop()
    place.time += 601
    await place.checker.check(token)
    place.stand_in.start()
    place.stand_in.keys[0] = signing_key("two")
    place.time += 1000
    with pytest.raises(TokenInvalid):
        await place.checker.check(token)


class Hanging:
    """Documents of an issuer that come at once, or never: whoever waits for them has to give up."""

    def __init__(self) -> None:
        self._documents = Documents(10.0)
        self.hangs, self.asked, self.given_up = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._over: asyncio.Future[None] | None = None

    async def get(self, url: str) -> object:
        if not self.hangs.is_set():
            return await self._documents.get(url)
        self._over = asyncio.get_running_loop().create_future()
        self.given_up.clear()
        self.asked.set()
        await self._over
        self.given_up.set()
        raise DocumentError(Cause.SLOW)

    def give_up(self) -> None:
        assert self._over is not None
        self._over.set_result(None)


async def test_a_flood_of_unknown_keys_is_one_request_and_takes_no_room(place: Place) -> None:
    await place.checker.check(place.stand_in.token())
    place.time += PAUSE
    tokens = [place.stand_in.token(signing_key(f"k{number}")) for number in range(40)]
    found = await asyncio.gather(*map(place.checker.check, tokens), return_exceptions=True)
    assert {type(one) for one in found} <= {TokenInvalid, IssuerUnavailable}
    assert place.stand_in.fetches() == 2


async def test_known_keys_serve_while_the_issuer_is_away_and_then_no_more(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    token = place.stand_in.token()
    await place.checker.check(token)
    place.stand_in.stop()
    for _ in range(7):
        place.time += 500
        await place.checker.check(token)
    assert len([record for record in caplog.records if "cannot be fetched" in record.getMessage()]) == 1
    place.time += 500
    with pytest.raises(IssuerUnavailable, match="cannot be reached") as raised:
        await place.checker.check(token)
    assert 0 < (raised.value.retry_after or 0) <= PAUSE
    assert raised.value.code == "UNAVAILABLE"
    place.stand_in.start()
    with pytest.raises(IssuerUnavailable):
        await place.checker.check(token)
    place.time += PAUSE
    await place.checker.check(token)


async def test_keys_are_asked_for_anew_beside_the_calls(place: Place) -> None:
    token = place.stand_in.token()
    await place.checker.check(token)
    hold = threading.Event()
    place.stand_in.answers[CONFIGURATION] = slow(hold)
    place.time += 301
    await asyncio.wait_for(place.checker.check(token), 5)
    hold.set()
    await place.issuer.close()


async def test_nobody_is_let_in_by_an_issuer_that_was_never_reached(place: Place) -> None:
    token = place.stand_in.token()
    place.stand_in.stop()
    for _ in range(2):
        with pytest.raises(IssuerUnavailable):
            await place.checker.check(token)


WRONG: dict[str, tuple[str, Any, Cause]] = {
    "discovery that is away": (CONFIGURATION, raw(b"no", 404), Cause.REFUSED),
    "discovery of another issuer": (
        CONFIGURATION,
        raw(b'{"issuer": "https://x", "jwks_uri": "https://x"}'),
        Cause.OTHER_ISSUER,
    ),
    "discovery that is a list": (CONFIGURATION, raw(b"[]"), Cause.MALFORMED),
    "keys that are broken": (KEYS, raw(b"{"), Cause.MALFORMED),
    "keys that stand twice": (KEYS, raw(b'{"keys": [], "keys": []}'), Cause.MALFORMED),
    "no keys": (KEYS, raw(b'{"keys": []}'), Cause.NO_KEYS),
    "keys that are no list": (KEYS, raw(b'{"keys": {}}'), Cause.NO_KEYS),
    "a page": (KEYS, raw(b"<html>"), Cause.MALFORMED),
    "a failure": (KEYS, raw(b"{}", 500), Cause.REFUSED),
    "an answer without end": (KEYS, endless, Cause.LARGE),
    "an answer that unpacks to a huge one": (KEYS, packed({"keys": []}), Cause.MALFORMED),
    "JSON nested deep": (KEYS, raw(b"[" * 100_000), Cause.MALFORMED),
    "a redirect": (KEYS, redirect("http://127.0.0.1:1/"), Cause.REDIRECT),
}


@pytest.mark.parametrize("name", WRONG)
async def test_what_an_issuer_answers_wrongly_is_refused_by_cause(place: Place, name: str) -> None:
    path, answer, cause = WRONG[name]
    place.stand_in.answers[path] = answer
    with pytest.raises(IssuerUnavailable, match=cause.value.replace(".", r"\.")):
        await place.checker.check(place.stand_in.token())
    assert place.issuer.trouble is cause
    del place.stand_in.answers[path]
    place.time += PAUSE
    await place.checker.check(place.stand_in.token())
    assert place.issuer.trouble is None


async def test_a_redirect_is_not_followed(place: Place) -> None:
    other = IssuerStandIn()
    try:
        place.stand_in.answers[KEYS] = redirect(f"{other.url}{KEYS}")
        with pytest.raises(IssuerUnavailable):
            await place.checker.check(place.stand_in.token())
        assert not other.asked
    finally:
        other.stop()


async def test_an_issuer_that_does_not_answer_costs_its_time_and_no_more(place: Place) -> None:
    hold = threading.Event()
    place.stand_in.answers[CONFIGURATION] = slow(hold)
    place.set_up(timeout=0.2)
    with pytest.raises(IssuerUnavailable, match="in time"):
        await asyncio.wait_for(place.checker.check(place.stand_in.token()), 20)
    hold.set()


async def test_keys_are_not_taken_from_an_address_without_tls(place: Place) -> None:
    for url in ("http://keys.example/", "ftp://x", "", 7, "https://user:secret@keys.example/"):
        place.stand_in.answers[CONFIGURATION] = lambda request, url=url: _send(request, place.stand_in.url, url)
        place.set_up()
        with pytest.raises(IssuerUnavailable, match="names no https"):
            await place.checker.check(place.stand_in.token())


def _send(request: Any, issuer: str, url: object) -> None:
    from tests.oidc import send

    send(request, {"issuer": issuer, "jwks_uri": url})


async def test_the_certificate_of_an_issuer_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority(tmp_path, "authority")
    pair = authority.signed("issuer")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))  # what the environment says is not heard
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    stand_in = IssuerStandIn(context)
    try:
        told = OidcIssuer(issuer=stand_in.url, audiences=(AUDIENCE,))
        other = Authority(tmp_path, "other")
        for trusted in (None, other.file):
            with pytest.raises(DocumentError) as raised:
                await Issuer(told, Documents(10.0, trusted), Keeping(300, 3600)).check()
            assert raised.value.cause is Cause.TLS
        assert await Issuer(told, Documents(10.0, authority.file), Keeping(300, 3600)).check() == 1
    finally:
        stand_in.stop()


def test_keys_for_other_uses_and_broken_ones_are_left_out() -> None:
    good = signing_key("good").public
    rsa = signing_key("rsa", "RS256").public
    others: list[Any] = [
        good | {"use": "enc"},
        good | {"key_ops": ["sign"]},
        good | {"alg": "RS256"},
        good | {"alg": 7},
        good | {"crv": "secp256k1"},
        good | {"x": "AAAA"},
        good | {"kid": 7},
        good | {"kid": "x" * 1000},
        good | {"d": "AAAA"},
        rsa | {"n": "AQAB"},
        rsa | {"e": None},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "good", "alg": "HS256"},
        {"kty": "OKP", "crv": "X25519", "x": "AAAA"},
        {"kty": ["EC"]},
        {},
        None,
        "x",
    ]
    assert [key.key_id for key in read_keys({"keys": [*others, good, rsa]})] == ["good", "rsa"]
    for one in others:
        with pytest.raises(KeySetError):
            read_keys({"keys": [one]})
    with pytest.raises(KeySetError, match="more than"):
        read_keys({"keys": [good] * (MAX_KEYS + 1)})


def test_a_key_is_bound_to_what_such_keys_sign() -> None:
    keys = {
        key.key_id: key.algorithms
        for key in read_keys(
            {
                "keys": [
                    signing_key("e", "ES384").public,
                    signing_key("r", "RS256").public,
                    signing_key("only", "RS256").public | {"alg": "PS512"},
                ]
            }
        )
    }
    assert keys["e"] == {"ES384"}
    assert keys["r"] == {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}
    assert keys["only"] == {"PS512"}
