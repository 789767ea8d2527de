"""The PEM files that a server shows and checks certificates by: read, and refused where they do not belong together.

Errors name a file and what is wrong with it, never what stands in it.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from loci_server.files import FileError, content

MIN_RSA_BITS: Final = 2048


class CertificateError(FileError):
    """A file that cannot be used. The message is for the person who runs the server."""


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """Where a server's certificate chain and private key stand, and the authorities of its clients, if it asks them."""

    certificate: Path
    key: Path
    client_ca: Path | None = None


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    """What the files held, once it was found to fit together. All are PEM."""

    chain: bytes
    key: bytes = field(repr=False)
    client_ca: bytes | None
    not_after: datetime
    """When the first certificate of the chain ends."""


def read_certificate(files: CertificateFiles) -> ServerCertificate:
    """The files as they are now. Raises FileError."""
    chain, key = content(files.certificate), content(files.key)
    first = certificates(chain, files.certificate)[0]
    _check_fits(first, key, files)
    authorities = None
    if files.client_ca is not None:
        authorities = content(files.client_ca)
        certificates(authorities, files.client_ca)
    return ServerCertificate(chain, key, authorities, first.not_valid_after_utc)


def certificates(pem: bytes, path: Path) -> list[x509.Certificate]:
    """At least one. Raises CertificateError."""
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError:
        raise CertificateError(f"{path} does not hold certificates in PEM, or not whole ones.") from None


def days_left(not_after: datetime) -> float:
    return (not_after - datetime.now(UTC)).total_seconds() / 86_400


def _check_fits(certificate: x509.Certificate, pem: bytes, files: CertificateFiles) -> None:
    try:
        key = load_pem_private_key(pem, password=None)
    except TypeError:
        raise CertificateError(f"{files.key} is encrypted; give a key without a passphrase.") from None
    except (ValueError, UnsupportedAlgorithm):
        raise CertificateError(f"{files.key} does not hold a private key in PEM, or not a whole one.") from None
    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size < MIN_RSA_BITS:
            raise CertificateError(f"{files.key} has {key.key_size} bits; RSA needs {MIN_RSA_BITS}.")
    elif not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1 | ec.SECP384R1):
        raise CertificateError(f"{files.key} is neither an RSA key nor one of the curves P-256 and P-384.")
    try:
        fits = certificate.public_key() == key.public_key()
    except (ValueError, UnsupportedAlgorithm):
        fits = False
    if not fits:
        raise CertificateError(f"{files.key} is not the key of the certificate in {files.certificate}.")
