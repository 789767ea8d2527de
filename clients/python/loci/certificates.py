"""Whether PEM files are what they are given as, before gRPC fails on them without a word of which one it was.

Messages name files and never show what stands in them.
"""

import re
import ssl
from pathlib import Path

BLOCK = re.compile(
    rb"-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----.*?-----END (?:X509 |TRUSTED )?CERTIFICATE-----", re.S
)


def has_certificate(pem: bytes) -> bool:
    """Whether a certificate stands among it."""
    return any(_is_certificate(block) for block in BLOCK.findall(pem))


def check_pair(certificate: str | Path, key: str | Path) -> None:
    """Raises ValueError for a file without a private key, one with a passphrase, and one of another certificate."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(certificate, key, password=lambda: "")
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise ValueError(f"TLS key ({key}): it is not the key of the certificate in {certificate}") from None
        raise ValueError(f"TLS key ({key}): there is no private key in PEM without a passphrase") from None


def _is_certificate(block: bytes) -> bool:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=block.decode("ascii"))
    except (ssl.SSLError, UnicodeDecodeError):
        return False
    return True
