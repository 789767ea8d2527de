"""What a client's certificate proves: one SPIFFE id, or DNS names; never a common name, nothing that is ambiguous."""

import datetime
from collections.abc import Sequence

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from loci_server.errors import CertificateInvalid
from loci_server.identity.certificates import is_dns_name, is_spiffe_id, proven_by
from loci_server.identity.subject import Kind, Subject
from tests.certificates import named

KEY = ec.generate_private_key(ec.SECP256R1())
AGENT = "spiffe://prod.example/ns/agents/sa/recall"
ENDS = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)


def certificate(
    uris: Sequence[str] = (), dns: Sequence[str] = (), *extensions: x509.ExtensionType, names: bool = True
) -> bytes:
    builder = (
        x509.CertificateBuilder()
        .subject_name(named("common.example"))
        .issuer_name(named("authority"))
        .public_key(KEY.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ENDS - datetime.timedelta(days=9000))
        .not_valid_after(ENDS)
    )
    if names:
        held = [*map(x509.UniformResourceIdentifier, uris), *map(x509.DNSName, dns)]
        builder = builder.add_extension(x509.SubjectAlternativeName(held), critical=False)
    for extension in extensions:
        builder = builder.add_extension(extension, critical=True)
    return builder.sign(KEY, hashes.SHA256()).public_bytes(Encoding.PEM)


def test_a_spiffe_id_is_its_only_name() -> None:
    proven = proven_by(certificate([AGENT], ["agent.example"]))
    assert proven.subjects == (Subject(Kind.SPIFFE, "", AGENT),)
    assert proven.expires == ENDS.timestamp()


def test_dns_names_count_where_there_is_no_spiffe_id() -> None:
    proven = proven_by(certificate(["https://x.example/"], ["A.example", "a.example", "*.example", "b.example"]))
    assert [subject.subject for subject in proven.subjects] == ["a.example", "b.example"]
    assert {subject.kind for subject in proven.subjects} == {Kind.DNS}


USAGE = dict.fromkeys(
    ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"),
    False,
)


@pytest.mark.parametrize(
    "pem",
    [
        certificate([AGENT, "spiffe://prod.example/other"]),
        certificate([AGENT, "https://x.example/"]),
        certificate(["spiffe://prod.example"]),
        certificate(["spiffe://prod.example/"]),
        certificate(["spiffe://prod.example/a//b"]),
        certificate(["spiffe://prod.example/a/../b"]),
        certificate(["spiffe://prod.example/a?b"]),
        certificate(["spiffe://prod.example/a#b"]),
        certificate(["spiffe://user@prod.example/a"]),
        certificate(["spiffe://prod.example:1/a"]),
        certificate(["SPIFFE://prod.example/a"], ["agent.example"]),
        certificate(["spiffe:prod.example/a"], ["agent.example"]),
        certificate(["spiffe://prod.example/%61"]),
        certificate(["spiffe://prod.example/" + "a" * 2048]),
        certificate([], ["*.example"]),
        certificate([], [f"a{number}.example" for number in range(33)]),
        certificate([], []),
        certificate(names=False),
        certificate([AGENT], [], x509.BasicConstraints(ca=True, path_length=None)),
        certificate([AGENT], [], x509.KeyUsage(True, key_cert_sign=True, crl_sign=False, **USAGE)),
        b"",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ],
)
def test_a_certificate_without_one_clear_name_is_refused(pem: bytes) -> None:
    with pytest.raises(CertificateInvalid) as raised:
        proven_by(pem)
    assert "example" not in str(raised.value)


def test_a_certificate_that_may_only_sign_what_it_sends_is_taken() -> None:
    usage = x509.KeyUsage(True, key_cert_sign=False, crl_sign=False, **USAGE)
    assert proven_by(certificate([AGENT], [], x509.BasicConstraints(ca=False, path_length=None), usage)).subjects


@given(st.text(alphabet="spife:/abAB.-_%?#@*\n\0é", max_size=40))
def test_names_are_whole_or_none(text: str) -> None:
    if is_spiffe_id(text) or is_dns_name(text):
        assert text.isascii()
        assert not set("?#@*%\n\0 ") & set(text)
    assert not is_spiffe_id(f"spiffe://a/b\n{text}")
    assert not is_dns_name(f"{text}\n")
