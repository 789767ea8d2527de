"""What a start looks at before it changes anything: files that settings name, and whether the keyring fits."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from loci_server.crypto.certificates import CertificateFiles, read_certificate
from loci_server.crypto.keyring import KeyringError
from loci_server.crypto.local import from_file, from_setting
from loci_server.crypto.provider import INSTALLATION
from loci_server.errors import ContentUnreadable
from loci_server.files import FileError
from loci_server.identity.map_file import MapFile
from loci_server.rpc.address import ListenError
from loci_server.settings import Settings
from loci_server.store.sealed import sealed_by
from loci_server.store.tenants import PURPOSE

KEYRING_FILE = "keyring.json"
REMEDY = (
    "nothing can be read without it. Bring the keyring back that this installation was set up with (LOCI_DATA_DIR says "
    "where it stands, LOCI_ENCRYPTION_KEY may hold its key), or name another database"
)


FILES = ("tls_certificate", "tls_key", "tls_client_ca", "identity_map")
OF_CLIENTS = ("LOCI_ADDRESS", "LOCI_API_KEY", "LOCI_API_KEY_FILE", "LOCI_TOKEN_FILE")
OF_KUBERNETES = re.compile(r"LOCI_(\w+_)?(SERVICE_HOST|SERVICE_PORT\w*|PORT|PORT_\d+_(TCP|UDP|SCTP)\w*)")
"""What Kubernetes sets by itself for services whose names begin with `loci`."""
ALIKE = 0.8
SHORTEST = len("LOCI_TLS")
"""Letters of a variable that may be the beginning of another one."""


def unknown_variables(environment: Mapping[str, str]) -> Iterator[str]:
    """Of each variable that looks like a setting and is none, what to say of it. Never its value."""
    known = {f"LOCI_{name}".upper() for name in Settings.model_fields} | {*OF_CLIENTS}
    for name in sorted(environment):
        if not name.upper().startswith("LOCI_") or name.upper() in known or OF_KUBERNETES.fullmatch(name):
            continue
        begun = [full for full in known if full.startswith(name.upper())] if len(name) >= SHORTEST else []
        meant = sorted(begun, key=lambda full: (len(full), full)) or get_close_matches(name.upper(), known, 1, ALIKE)
        yield f"{name} is no setting and does nothing" + (f"; is {meant[0]} meant?" if meant else "")


def check_files(settings: Settings) -> None:
    """Certificate and identity map. Raises ListenError, and FileError with the variable that names the file."""
    try:
        _read_files(settings)
    except FileError as error:
        raise FileError(f"{variable_of(error, settings)}{error}") from None


def variable_of(error: FileError, settings: Settings) -> str:
    """`LOCI_…: `, of the setting that names the file; nothing for another file."""
    named = {name: str(getattr(settings, name)) for name in FILES if getattr(settings, name) is not None}
    fitting = [name for name, path in named.items() if str(error).startswith(path)]
    found = max(fitting, key=lambda name: len(named[name]), default=None)
    return f"LOCI_{found.upper()}: " if found else ""


def _read_files(settings: Settings) -> None:
    certificate, key = settings.tls_certificate, settings.tls_key
    if certificate is not None and key is not None:
        read_certificate(CertificateFiles(certificate, key, settings.tls_client_ca))
    elif certificate is not None or key is not None or settings.tls_client_ca is not None:
        raise ListenError("LOCI_TLS_CERTIFICATE and LOCI_TLS_KEY belong together, and LOCI_TLS_CLIENT_CA to both.")
    if settings.identity_map is not None:
        MapFile(settings.identity_map, [issuer.issuer for issuer in settings.issuers])


async def check_keyring(settings: Settings, database_url: str) -> None:
    """That a database which was set up before can be opened by the provider `local`. Raises KeyringError."""
    if settings.key_provider != "local":
        return
    wrapped = await sealed_by(database_url)
    if wrapped is None:
        return
    sealed = f"the database is sealed by the key {wrapped.kek_id}"
    if settings.encryption_key is not None:
        place, provider = "LOCI_ENCRYPTION_KEY", from_setting(settings.encryption_key.get_secret_value())
    else:
        file = keyring_file(settings)
        if not file.exists():
            raise KeyringError(f"{sealed}, and {file} is missing: {REMEDY}")
        place, provider = str(file), from_file(file)
    if not provider.holds(wrapped.kek_id):
        raise KeyringError(f"{sealed}, and {place} does not hold the key: {REMEDY}")
    try:
        await provider.unwrap(INSTALLATION, PURPOSE, wrapped)
    except ContentUnreadable:
        raise KeyringError(
            f"{sealed} and does not open: {place} holds another key under that id, or the database was changed: "
            f"{REMEDY}"
        ) from None


def keyring_file(settings: Settings) -> Path:
    return settings.data_dir / KEYRING_FILE
