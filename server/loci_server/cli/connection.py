"""Where the server is and with which key it is called, from options, environment and defaults.

A key never stands on the command line, where the process list shows it. Order: `--api-key-file`, LOCI_API_KEY,
LOCI_API_KEY_FILE, and for a server on this machine the key that `loci serve` left in its data folder.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loci_server.cli.failures import Failed

if TYPE_CHECKING:
    from loci import TLS

DEFAULT_ADDRESS = "127.0.0.1:50051"
DEFAULT_TIMEOUT = 30.0
KEY_FILE = "api-key"


@dataclass(frozen=True, slots=True)
class Options:
    """The options that all client commands share; None and False are what was not given."""

    address: str | None = None
    api_key_file: Path | None = None
    tls: bool = False
    ca: Path | None = None
    insecure: bool = False
    timeout: float | None = None
    json: bool = False

    def over(self, earlier: "Options") -> "Options":
        """These, and what only `earlier` ones (before the command's name) say."""
        unsaid = [field.name for field in fields(self) if getattr(self, field.name) in (None, False)]
        return replace(self, **{name: getattr(earlier, name) for name in unsaid})


def client_arguments(options: Options, environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The arguments for loci.Client and loci.AsyncClient. Raises Failed for a key file that cannot be used."""
    address = server_address(options, environment)
    return {
        "address": address,
        "api_key": api_key(options, address, environment),
        "tls": _tls(options),
        "timeout": options.timeout or DEFAULT_TIMEOUT,
        "insecure": options.insecure,
        "user_agent": "loci-cli",
    }


def server_address(options: Options, environment: Mapping[str, str] = os.environ) -> str:
    return options.address or environment.get("LOCI_ADDRESS") or DEFAULT_ADDRESS


def api_key(options: Options, address: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """The key, or None if there is none."""
    if options.api_key_file is None and environment.get("LOCI_API_KEY"):
        return environment["LOCI_API_KEY"]
    path = key_file(options, address, environment)
    if path is None:
        return None
    try:
        key = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Failed(f"cannot read the API key file {path}: {getattr(error, 'strerror', None) or 'not text'}") from None
    if not key:
        raise Failed(f"the API key file {path} is empty")
    return key


def key_file(options: Options, address: str, environment: Mapping[str, str] = os.environ) -> Path | None:
    """The file that the key is read from. That of the data folder is offered to this machine's server only."""
    if options.api_key_file is not None:
        return options.api_key_file
    if given := environment.get("LOCI_API_KEY_FILE"):
        return Path(given)
    from loci.connection import is_local

    path = data_dir(environment) / KEY_FILE
    return path if is_local(address) and path.is_file() else None


def data_dir(environment: Mapping[str, str] = os.environ) -> Path:
    if given := environment.get("LOCI_DATA_DIR"):
        return Path(given)
    from loci_server.settings import default_data_dir

    return default_data_dir()


def _tls(options: Options) -> "TLS | bool | None":
    if options.ca is None:
        return options.tls or None
    from loci import TLS

    try:
        return TLS(roots=options.ca.read_bytes())
    except OSError as error:
        raise Failed(f"cannot read the certificates {options.ca}: {error.strerror}") from None
