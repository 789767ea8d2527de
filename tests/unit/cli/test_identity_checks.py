"""`loci doctor` says of certificates, the identity map and issuers whether a server could use them."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from loci_server.cli.checks.finding import Finding, Mark
from loci_server.cli.checks.identities import certificate, identities
from loci_server.settings import Settings
from tests.certificates import Authority
from tests.oidc import AUDIENCE, IssuerStandIn


@pytest.fixture
def issuer() -> Iterator[IssuerStandIn]:
    made = IssuerStandIn()
    yield made
    made.stop()


def marks(found: Iterator[Finding]) -> list[tuple[str, Mark]]:
    return [(finding.check, finding.mark) for finding in found]


def test_nothing_is_said_where_nothing_is_set() -> None:
    assert not [*certificate(Settings()), *identities(Settings())]


@pytest.mark.parametrize(("hours", "mark"), [(720, Mark.OK), (72, Mark.WARNING), (-0.5, Mark.PROBLEM)])
def test_the_end_of_the_certificate_is_seen_before_it_comes(tmp_path: Path, hours: float, mark: Mark) -> None:
    pair = Authority(tmp_path, "a").signed("server", lasts=datetime.timedelta(hours=hours))
    assert marks(certificate(Settings(tls_certificate=pair.certificate, tls_key=pair.key))) == [("certificate", mark)]


def test_files_that_do_not_fit_are_named(tmp_path: Path) -> None:
    authority = Authority(tmp_path, "a")
    one, two = authority.signed("one"), authority.signed("two")
    (found,) = certificate(Settings(tls_certificate=one.certificate, tls_key=two.key))
    assert found.mark is Mark.PROBLEM
    assert str(two.key) in found.sentence
    (found,) = certificate(Settings(tls_certificate=one.certificate))
    assert found.mark is Mark.PROBLEM


def test_map_and_issuer_are_looked_at(tmp_path: Path, issuer: IssuerStandIn) -> None:
    path = tmp_path / "map.json"
    path.write_text('{"rules": [{"dns": "a.example", "tenant": "acme", "scopes": ["read"]}]}')
    told: dict[str, Any] = {"identity_map": path, "oidc_issuer": issuer.url, "oidc_audience": AUDIENCE}
    assert marks(identities(Settings(**told))) == [
        ("identity map", Mark.OK),
        ("identity map", Mark.WARNING),
        ("issuer", Mark.OK),
    ]
    path.write_text('{"rules": [{"dns": "a.example", "tenant": "acme", "scopes": []}]}')
    issuer.stop()
    found = [*identities(Settings(**told))]
    assert [finding.mark for finding in found] == [Mark.PROBLEM, Mark.PROBLEM]
    assert "rules[0].scopes" in found[0].sentence
    assert "cannot be reached" in found[1].sentence


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"oidc_issuer": "http://issuer.example", "oidc_audience": "loci"}, "https://"),
        ({"oidc_issuer": "https://user:CANARY@issuer.example", "oidc_audience": "loci"}, "without credentials"),
        ({"oidc_issuer": "https://issuer.example"}, "LOCI_OIDC_AUDIENCE"),
        ({"oidc_audience": "loci"}, "LOCI_OIDC_ISSUER"),
        ({"oidc_issuer": "https://issuer.example", "oidc_audience": "loci"}, "LOCI_IDENTITY_MAP"),
        ({"oidc_issuer": "https://i.example", "oidc_audience": "x", "oidc_tenant_claim": "t"}, "belong together"),
        ({"oidc_refresh": 100.0, "oidc_lifetime": 150.0}, "LOCI_OIDC_LIFETIME"),
        ({"oidc_issuers": [{"issuer": "https://i.example", "audiences": []}]}, "audiences"),
    ],
)
def test_settings_that_would_let_nobody_or_anybody_in_are_refused(told: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Settings(**told)


def test_several_issuers_are_told_as_json(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LOCI_OIDC_ISSUERS", '[{"issuer": "https://b.example", "audiences": ["x", "y"]}]')
    monkeypatch.setenv("LOCI_OIDC_ISSUER", "https://a.example")
    monkeypatch.setenv("LOCI_OIDC_AUDIENCE", "loci")
    monkeypatch.setenv("LOCI_IDENTITY_MAP", str(tmp_path / "map.json"))
    assert [issuer.issuer for issuer in Settings().issuers] == ["https://a.example", "https://b.example"]
    monkeypatch.setenv("LOCI_OIDC_ISSUER", "https://b.example")
    with pytest.raises(ValueError, match="each issuer once"):
        Settings()
