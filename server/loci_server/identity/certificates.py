"""From a client's certificate, which the handshake has checked, to the names that it proves.

A certificate with a SPIFFE id is an X.509-SVID: that is its only URI, and its only name. Else its DNS names count. The
common name never does.
"""

import re
from functools import lru_cache
from typing import Final

from cryptography import x509

from loci_server.errors import CertificateInvalid
from loci_server.identity.subject import Kind, Proven, Subject

MAX_SPIFFE_BYTES: Final = 2048
MAX_DNS_NAMES: Final = 32
SCHEME: Final = "spiffe://"
SPIFFE_ID: Final = re.compile(r"spiffe://[a-z0-9._-]{1,255}(/[A-Za-z0-9._-]+)+", re.ASCII)
DNS_NAME: Final = re.compile(
    r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*", re.ASCII
)


def is_spiffe_id(text: str) -> bool:
    """Whether it is the id of a workload, as the SPIFFE standard has them."""
    if len(text) > MAX_SPIFFE_BYTES or not SPIFFE_ID.fullmatch(text):
        return False
    return not {".", ".."} & set(text.removeprefix(SCHEME).split("/"))


def is_dns_name(text: str) -> bool:
    """Whether it is the name of one host, in lower case; a wildcard is none."""
    return DNS_NAME.fullmatch(text) is not None


@lru_cache(maxsize=1024)
def proven_by(pem: bytes) -> Proven:
    """Raises CertificateInvalid. Whether it has expired is for the caller to see."""
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        extensions = certificate.extensions
    except (ValueError, x509.DuplicateExtension):
        raise CertificateInvalid(detail="it cannot be read") from None
    if _signs_others(extensions):
        raise CertificateInvalid(detail="it is that of an authority")
    try:
        names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        raise CertificateInvalid(detail="it has no subject alternative name") from None
    uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    expires = certificate.not_valid_after_utc.timestamp()
    if any(uri.lower().startswith("spiffe:") for uri in uris):
        if len(uris) > 1:
            raise CertificateInvalid(detail="beside a SPIFFE id it holds another URI")
        if not is_spiffe_id(uris[0]):
            raise CertificateInvalid(detail="its SPIFFE id is not well formed")
        return Proven((Subject(Kind.SPIFFE, "", uris[0]),), expires)
    hosts = dict.fromkeys(name.lower() for name in names.get_values_for_type(x509.DNSName))
    subjects = [Subject(Kind.DNS, "", name) for name in hosts if is_dns_name(name)]
    if not subjects:
        raise CertificateInvalid(detail="it holds neither a SPIFFE id nor a DNS name")
    if len(subjects) > MAX_DNS_NAMES:
        raise CertificateInvalid(detail=f"it holds more than {MAX_DNS_NAMES} DNS names")
    return Proven(tuple(subjects), expires)


def _signs_others(extensions: x509.Extensions) -> bool:
    try:
        if extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return True
    except x509.ExtensionNotFound:
        pass
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return usage.key_cert_sign or usage.crl_sign
