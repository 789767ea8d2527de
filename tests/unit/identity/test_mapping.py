"""What identities may do is what the first fitting rule says, or what an issuer may say; a wrong map is refused with
the place of the mistake."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci_server.files import FileError
from loci_server.identity.grants import Grants
from loci_server.identity.map_file import MapFile
from loci_server.identity.mapping import Mapped, claimed, read_map
from loci_server.identity.principal import Scope
from loci_server.identity.subject import Kind, Subject
from loci_server.identity_settings import OidcIssuer

ISSUER = "https://issuer.example/realm"
CANARY = "CANARY91c"


def the_map(*rules: dict[str, Any]) -> Any:
    told = [{"tenant": "acme", "scopes": ["read"]} | rule for rule in rules]
    return read_map(json.dumps({"rules": told}).encode(), "map.json", [ISSUER])


def spiffe(id: str) -> Subject:
    return Subject(Kind.SPIFFE, "", id)


def token(issuer: str = ISSUER, **claims: Any) -> Subject:
    return Subject(Kind.TOKEN, issuer, "agent", {"sub": "agent", **claims})


def test_a_rule_gives_tenant_scopes_and_graphs() -> None:
    rule = {"spiffe": "spiffe://d/a", "scopes": ["write", "admin"], "graphs": ["graphs/x", "graphs/team-*"]}
    subject, mapped = the_map(rule).find([spiffe("spiffe://d/a")])
    assert subject == spiffe("spiffe://d/a")
    assert mapped == Mapped("acme", frozenset({Scope.WRITE, Scope.ADMIN}), Grants(("graphs/x", "graphs/team-*")))


@pytest.mark.parametrize(
    ("written", "id", "fits"),
    [
        ("spiffe://d/a", "spiffe://d/a", True),
        ("spiffe://d/a", "spiffe://d/a/b", False),
        ("spiffe://d/a", "spiffe://d/ab", False),
        ("spiffe://d/a/*", "spiffe://d/a/b", True),
        ("spiffe://d/a/*", "spiffe://d/a/b/c", True),
        ("spiffe://d/a/*", "spiffe://d/a", False),
        ("spiffe://d/a/*", "spiffe://d/ab/c", False),
        ("spiffe://d/*", "spiffe://d/x", True),
        ("spiffe://d/*", "spiffe://d.evil/x", False),
    ],
)
def test_a_spiffe_id_fits_as_a_whole_or_by_whole_parts_of_its_path(written: str, id: str, fits: bool) -> None:
    assert (the_map({"spiffe": written}).find([spiffe(id)]) is not None) is fits


def test_kinds_are_not_taken_for_each_other() -> None:
    rules = the_map({"dns": "a.example"}, {"issuer": ISSUER, "claims": {"sub": "spiffe://d/a"}})
    assert rules.find([Subject(Kind.TOKEN, ISSUER, "a.example", {"sub": "a.example"})]) is None
    assert rules.find([spiffe("spiffe://d/a")]) is None
    assert rules.find([Subject(Kind.DNS, "", "b.example"), Subject(Kind.DNS, "", "a.example")]) is not None


def test_the_first_rule_that_fits_counts() -> None:
    rules = the_map({"spiffe": "spiffe://d/a/b", "tenant": "one"}, {"spiffe": "spiffe://d/a/*", "tenant": "two"})
    assert [rules.find([spiffe(f"spiffe://d/a/{id}")])[1].tenant_id for id in "bc"] == ["one", "two"]


@pytest.mark.parametrize(
    ("wanted", "claims", "fits"),
    [
        ({}, {}, True),
        ({"sub": "agent"}, {}, True),
        ({"sub": "agen"}, {}, False),
        ({"groups": "ops"}, {"groups": ["dev", "ops"]}, True),
        ({"groups": "ops"}, {"groups": "ops"}, True),
        ({"groups": "ops"}, {"groups": "dev ops"}, False),
        ({"groups": ["ops", "sre"]}, {"groups": ["sre"]}, True),
        ({"groups": "ops"}, {}, False),
        ({"verified": True}, {"verified": True}, True),
        ({"verified": True}, {"verified": 1}, False),
        ({"level": 1}, {"level": True}, False),
        ({"level": 1}, {"level": 1}, True),
        ({"level": 1}, {"level": "1"}, False),
        ({"/realm/roles": "ops"}, {"realm": {"roles": ["ops"]}}, True),
        ({"/realm/roles": "ops"}, {"realm": ["roles"]}, False),
        ({"/a~1b/c": "x"}, {"a/b": {"c": "x"}}, True),
        ({"kubernetes.io/serviceaccount": "x"}, {"kubernetes.io/serviceaccount": "x"}, True),
        ({"sub": "agent", "groups": "ops"}, {"groups": ["dev"]}, False),
    ],
)
def test_claims_fit_by_value_and_kind(wanted: dict[str, Any], claims: dict[str, Any], fits: bool) -> None:
    rules = the_map({"issuer": ISSUER, "claims": wanted})
    assert (rules.find([token(**claims)]) is not None) is fits
    assert rules.find([token("https://other.example", **claims)]) is None


GOOD = {"spiffe": "spiffe://d/a", "tenant": "acme", "scopes": ["read"]}


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ({"tenant": f"Not {CANARY}"}, "rules[1].tenant"),
        ({"tenant": None}, "rules[1].tenant"),
        ({"scopes": []}, "rules[1].scopes"),
        ({"scopes": [CANARY]}, "rules[1].scopes[0]"),
        ({"scopes": "read"}, "rules[1].scopes"),
        ({"graphs": [CANARY]}, "rules[1].graphs"),
        ({"graphs": ["graphs/g"], "scopes": ["operator"]}, "rules[1]"),
        ({"spiffe": f"spiffe://d/{CANARY}*"}, "rules[1].spiffe"),
        ({"spiffe": "spiffe://*/a"}, "rules[1].spiffe"),
        ({"spiffe": "https://d/a"}, "rules[1].spiffe"),
        ({"dns": "a.example"}, "rules[1]"),
        ({"spiffe": None}, "rules[1]"),
        ({"spiffe": None, "dns": "*.example"}, "rules[1].dns"),
        ({"spiffe": None, "issuer": ISSUER}, "rules[1]"),
        ({"claims": {}}, "rules[1]"),
        ({"spiffe": None, "issuer": "https://unknown.example", "claims": {}}, "rules[1].issuer"),
        ({"spiffe": None, "issuer": ISSUER, "claims": {"sub": None}}, "rules[1].claims"),
        ({"spiffe": None, "issuer": ISSUER, "claims": {"sub": {"a": 1}}}, "rules[1].claims"),
        ({"scope": ["read"]}, "rules[1].scope"),
    ],
)
def test_a_wrong_rule_is_named_with_its_field_and_shown_with_nothing(rule: dict[str, Any], place: str) -> None:
    told = {name: value for name, value in (GOOD | rule).items() if value is not None}
    with pytest.raises(FileError) as raised:
        read_map(json.dumps({"rules": [GOOD, told]}).encode(), "map.json", [ISSUER])
    assert str(raised.value).startswith(f"map.json: {place}")
    assert CANARY not in str(raised.value)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"\xff", b'{"rules": [], "rules": []}', b'{"rule": []}', b"[" * 99_999]
)
def test_what_is_no_map_is_refused(raw: bytes) -> None:
    with pytest.raises(FileError, match=r"map\.json"):
        read_map(raw, "map.json", [])


def test_an_issuer_that_may_decide_gives_a_tenant_and_scopes_but_never_operator() -> None:
    issuer = OidcIssuer(issuer=ISSUER, audiences=("loci",), tenant_claim="/org/id", scopes_claim="scope")
    scopes = "openid loci:read loci:admin loci:operator operator"
    assert claimed(token(org={"id": "acme"}, scope=scopes), issuer) == Mapped(
        "acme", frozenset({Scope.READ, Scope.ADMIN})
    )
    listed = claimed(token(org={"id": "acme"}, scope=["loci:write", 7]), issuer)
    assert listed == Mapped("acme", frozenset({Scope.WRITE}))
    for org, scope in (
        ("acme", "loci:read"),
        ({"id": "-"}, "loci:read"),
        ({"id": 7}, "loci:read"),
        ({"id": "acme"}, "read"),
    ):
        assert claimed(token(org=org, scope=scope), issuer) is None
    assert claimed(token(org={"id": "acme"}, scope=scopes), OidcIssuer(issuer=ISSUER, audiences=("loci",))) is None


@given(
    st.dictionaries(st.sampled_from(["org", "scope"]), st.recursive(st.text() | st.integers(), st.lists, max_leaves=4))
)
def test_whatever_a_token_claims_it_is_mapped_or_not(claims: dict[str, Any]) -> None:
    issuer = OidcIssuer(issuer=ISSUER, audiences=("loci",), tenant_claim="org", scopes_claim="scope")
    assert claimed(token(**claims), issuer) is None or claims["org"].islower()


async def test_a_map_that_is_changed_counts_and_one_that_is_wrong_does_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "map.json"
    path.write_text(json.dumps({"rules": [GOOD]}))
    file = MapFile(path, [])
    first = file.current
    await file.look()
    assert file.current is first
    path.write_text(json.dumps({"rules": [GOOD | {"tenant": "Wrong"}]}))
    for _ in range(4):
        await file.look()
    assert file.current is first
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1
    assert "rules[0].tenant" in (file.trouble or "")
    path.unlink()
    for _ in range(2):
        await file.look()
    assert file.current is first
    assert "No such file" in (file.trouble or "")
    path.write_text(json.dumps({"rules": []}))
    await file.look()
    assert file.trouble is None
    assert file.current.rules == []
    with pytest.raises(FileError):
        MapFile(tmp_path / "none", [])
