"""Only a token that its issuer signed, for us, for now, is taken; others are refused by type, and never shown."""

import hashlib
import hmac
import json
import time
import traceback
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from loci_server.errors import TokenExpired, TokenInvalid
from loci_server.identity.subject import Kind
from loci_server.identity.tokens.claims import LEEWAY, check_claims
from loci_server.identity.tokens.jwt import MAX_TOKEN_CHARS, parsed
from tests.oidc import AUDIENCE, IssuerStandIn, b64, signing_key
from tests.unit.identity.tokens.conftest import Place

CANARY = "CANARY7f3a"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_a_token_proves_its_subject(place: Place, algorithm: str) -> None:
    place.stand_in.keys = [signing_key("other"), signing_key("k", algorithm)]
    token = place.stand_in.token(place.stand_in.keys[1], sub="agent", groups=["ops"])
    proven = await place.checker.check(token)
    (subject,) = proven.subjects
    assert (subject.kind, subject.issuer, subject.subject) == (Kind.TOKEN, place.stand_in.url, "agent")
    assert subject.claims["groups"] == ["ops"]
    assert proven.expires == pytest.approx(time.time() + 300 + LEEWAY, abs=5)


async def test_the_audience_may_be_one_of_several_and_the_type_that_of_an_access_token(place: Place) -> None:
    token = place.stand_in.token(aud=["other", AUDIENCE], header={"typ": "application/at+JWT"})
    assert (await place.checker.check(token)).subjects
    place.stand_in.keys = [signing_key(None)]
    place.set_up()
    assert (await place.checker.check(place.stand_in.token())).subjects, "of one key nobody need say which"


Forger = Callable[[IssuerStandIn], str]


def with_parts(header: dict[str, Any] | str, payload: dict[str, Any] | str | None = None) -> Forger:
    """A token of the right signature over other parts."""

    def forge(stand_in: IssuerStandIn) -> str:
        told = payload if payload is not None else good(stand_in)
        first = header if isinstance(header, str) else b64({"alg": "ES256", "kid": "one", "typ": "JWT"} | header)
        second = told if isinstance(told, str) else b64(told)
        return signed(stand_in, f"{first}.{second}")

    return forge


def good(stand_in: IssuerStandIn) -> dict[str, Any]:
    return {"iss": stand_in.url, "aud": AUDIENCE, "sub": CANARY, "exp": int(time.time()) + 60}


def signed(stand_in: IssuerStandIn, text: str) -> str:
    key = stand_in.keys[0]
    algorithm = jwt.get_algorithm_by_name(key.algorithm)
    return f"{text}.{b64(algorithm.sign(text.encode(), key.private))}"


def public_pem(stand_in: IssuerStandIn) -> bytes:
    public = stand_in.keys[0].private.public_key()
    return bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def by_shared_secret(secret: Callable[[IssuerStandIn], bytes], algorithm: str = "HS256") -> Forger:
    """The public key, which everybody knows, taken for a shared secret."""

    def forge(stand_in: IssuerStandIn) -> str:
        text = f"{b64({'alg': algorithm, 'kid': 'one'})}.{b64(good(stand_in))}"
        return f"{text}.{b64(hmac.digest(secret(stand_in), text.encode(), hashlib.sha256))}"

    return forge


def unsigned(algorithm: str) -> Forger:
    return lambda stand_in: f"{b64({'alg': algorithm, 'kid': 'one'})}.{b64(good(stand_in))}."


def by_another_key(stand_in: IssuerStandIn) -> str:
    return stand_in.token(signing_key("one"), sub=CANARY)


def by_the_key_inside(stand_in: IssuerStandIn) -> str:
    own = signing_key("mine")
    return stand_in.token(own, {"jwk": own.public, "jku": f"{stand_in.url}/keys", "x5u": stand_in.url}, sub=CANARY)


def by_a_wrong_curve(stand_in: IssuerStandIn) -> str:
    return stand_in.token(signing_key("one", "ES384"), sub=CANARY)


def by_rsa_of_that_id(stand_in: IssuerStandIn) -> str:
    return stand_in.token(signing_key("one", "RS256"), sub=CANARY)


def changed(stand_in: IssuerStandIn) -> str:
    header, _, signature = stand_in.token().split(".")
    return f"{header}.{b64(good(stand_in) | {'sub': CANARY})}.{signature}"


def tailed(tail: str) -> Forger:
    return lambda stand_in: stand_in.token(sub=CANARY) + tail


def deep(stand_in: IssuerStandIn) -> str:
    return f"{b64(b'[' * 2900)}.{b64(b'[' * 2900)}.{b64(b'x')}"


def duplicated(stand_in: IssuerStandIn) -> str:
    body = json.dumps(good(stand_in))[:-1] + f', "sub": "{CANARY}"}}'
    return with_parts({}, b64(body.encode()))(stand_in)


FORGED: dict[str, Forger] = {
    "no signature": unsigned("none"),
    "no signature, said loudly": unsigned("NONE"),
    "an empty signature": unsigned("ES256"),
    "the public key as a secret": by_shared_secret(public_pem),
    "nothing as a secret": by_shared_secret(lambda _: b""),
    "a secret under the name of a signature": by_shared_secret(public_pem, "ES256"),
    "another key of that id": by_another_key,
    "a key that it brings along": by_the_key_inside,
    "another curve": by_a_wrong_curve,
    "an RSA key of that id": by_rsa_of_that_id,
    "changed claims": changed,
    "characters behind it": tailed("="),
    "a fourth part": tailed(".x"),
    "white space": tailed("\n"),
    "an unknown algorithm": with_parts({"alg": "ES256K"}),
    "an algorithm that is a list": with_parts({"alg": ["ES256"]}),
    "no algorithm": with_parts({"alg": None}),
    "a critical extension": with_parts({"crit": ["exp"], "exp": 1}),
    "an empty list of extensions": with_parts({"crit": []}),
    "an unencoded payload": with_parts({"b64": False}),
    "another type": with_parts({"typ": "logout+jwt"}),
    "a type that is no text": with_parts({"typ": 1}),
    "an encrypted one": lambda _: "eyJhbGciOiJSU0EtT0FFUCJ9.a.b.c.d",
    "a key id that is an object": with_parts({"kid": {"a": 1}}),
    "a key id that is endless": with_parts({"kid": "x" * 257}),
    "a key id that is a path": with_parts({"kid": "../../dev/null"}),
    "a key id that is SQL": with_parts({"kid": "' OR 1=1 --"}),
    "no key id where there are several keys": with_parts({"kid": None}),
    "a header that is a list": with_parts(b64([1])),
    "a header that is no JSON": with_parts(b64(b"{")),
    "a header that is no UTF-8": with_parts(b64(b'{"alg": "\xff"}')),
    "claims that are no object": with_parts({}, b64("x")),
    "claims nested deep": deep,
    "a claim that stands twice": duplicated,
    "not a number": with_parts({}, b64(b'{"exp": NaN}')),
    "nothing at all": lambda _: "",
    "dots": lambda _: "..",
    "a huge one": lambda stand_in: stand_in.token(sub=CANARY, filler="x" * MAX_TOKEN_CHARS),
    "a JSON serialization": lambda stand_in: json.dumps({"payload": b64(good(stand_in)), "signatures": []}),
}


@pytest.mark.parametrize("name", FORGED)
async def test_a_forged_token_is_refused_and_nothing_of_it_is_told(
    place: Place, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    place.stand_in.keys.append(signing_key("two"))
    token = FORGED[name](place.stand_in)
    with pytest.raises(TokenInvalid) as raised, caplog.at_level("DEBUG"):
        await place.checker.check(token)
    assert raised.value.code == "UNAUTHENTICATED"
    told = "".join(traceback.format_exception_only(raised.value)) + str(raised.value.metadata) + caplog.text
    assert CANARY not in told
    for part in token.split("."):
        assert len(part) < 8 or part not in told


BAD_CLAIMS: dict[str, dict[str, Any]] = {
    "no end": {"exp": None},
    "an end that is a text": {"exp": "2999999999"},
    "an end that is true": {"exp": True},
    "an end beyond numbers": {"exp": 10**400},
    "an end that is a list": {"exp": [1]},
    "not valid yet": {"nbf": time.time() + 3600},
    "made in the future": {"iat": time.time() + 3600},
    "made at no time": {"iat": "now"},
    "no audience": {"aud": None},
    "another audience": {"aud": CANARY},
    "another audience in a list": {"aud": [CANARY, "x"]},
    "an audience that begins like ours": {"aud": AUDIENCE + "x"},
    "an audience that is an object": {"aud": {AUDIENCE: 1}},
    "audiences in lists": {"aud": [[AUDIENCE]]},
    "another issuer": {"iss": "https://evil.example/" + CANARY},
    "an issuer with a slash more": {"iss": "{url}/"},
    "no issuer": {"iss": None},
    "an issuer that is a list": {"iss": ["{url}"]},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is a number": {"sub": 7},
    "a long subject": {"sub": "x" * 1025},
    "a subject of many lines": {"sub": f"a\n{CANARY}"},
    "bound to another's key": {"cnf": {"jkt": CANARY}},
}


@pytest.mark.parametrize("name", BAD_CLAIMS)
async def test_a_token_that_says_the_wrong_things_is_refused(place: Place, name: str) -> None:
    url = place.stand_in.url
    claims = {key: json.loads(json.dumps(value).replace("{url}", url)) for key, value in BAD_CLAIMS[name].items()}
    told = {key: value for key, value in (good(place.stand_in) | claims).items() if value is not None}
    with pytest.raises(TokenInvalid) as raised:
        await place.checker.check(with_parts({}, told)(place.stand_in))
    assert CANARY not in str(raised.value)


async def test_a_token_that_has_ended_says_so_beyond_the_leeway_only(place: Place) -> None:
    now = time.time()
    assert await place.checker.check(place.stand_in.token(exp=now - LEEWAY / 2))
    with pytest.raises(TokenExpired):
        await place.checker.check(place.stand_in.token(exp=now - LEEWAY - 1))
    assert await place.checker.check(place.stand_in.token(nbf=now + LEEWAY / 2, iat=now + LEEWAY / 2))


async def test_a_token_of_the_one_issuer_is_none_of_the_other(place: Place) -> None:
    other = IssuerStandIn()
    try:
        forged = other.token(iss=place.stand_in.url)
        with pytest.raises(TokenInvalid):
            await place.checker.check(forged)
    finally:
        other.stop()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
CLAIMS = st.dictionaries(st.sampled_from(["exp", "nbf", "iat", "aud", "sub", "iss", "cnf"]), JSON)


@given(CLAIMS)
def test_whatever_claims_say_they_are_taken_or_refused_by_type(claims: dict[str, object]) -> None:
    try:
        expires = check_claims(claims, (AUDIENCE,), 1000.0)
    except (TokenInvalid, TokenExpired):
        return
    assert expires > 1000.0


@given(st.text(max_size=200) | st.lists(JSON, max_size=4).map(lambda parts: ".".join(map(b64, parts))))
def test_whatever_a_token_is_it_is_read_or_refused_by_type(text: str) -> None:
    try:
        token = parsed(text)
    except TokenInvalid:
        return
    assert token.issuer is not None
