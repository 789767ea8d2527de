"""Where the server is and with which credential it is called, from options, environment and defaults.

Neither key nor token ever stands on the command line, where the process list shows it. Order: `--api-key-file` or
`--token-file`, LOCI_API_KEY, LOCI_API_KEY_FILE, LOCI_TOKEN_FILE, and for a server on this machine the key that
`loci serve` left in its data folder, unless a client certificate is given: a key would count in its place.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loci_server.cli.failures import Failed

if TYPE_CHECKING:
    from loci import TLS

DEFAULT_ADDRESS = "127.0.0.1:50051"
DEFAULT_TIMEOUT = 30.0
KEY_FILE = "api-key"
OPTIONS_OF_TLS = {"roots": "--ca", "certificate": "--client-cert", "key": "--client-key"}


@dataclass(frozen=True, slots=True)
class Options:
    """The options that all client commands share; None and False are what was not given."""

    address: str | None = None
    api_key_file: Path | None = None
    token_file: Path | None = None
    tls: bool = False
    ca: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
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
    token = token_source(options, environment)
    return {
        "address": address,
        "api_key": None if token is not None else api_key(options, address, environment),
        "token": token,
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


def token_source(options: Options, environment: Mapping[str, str] = os.environ) -> "Callable[[], str] | None":
    """What gives the token of `--token-file`, or of LOCI_TOKEN_FILE where no API key is given."""
    path = options.token_file
    if options.api_key_file is not None:
        if path is not None:
            raise Failed("give --api-key-file or --token-file, not both")
        return None
    if path is None and not (environment.get("LOCI_API_KEY") or environment.get("LOCI_API_KEY_FILE")):
        given = environment.get("LOCI_TOKEN_FILE")
        path = Path(given) if given else None
    if path is None:
        return None
    from loci.credential import token_file

    give = token_file(path)
    try:
        found = give()
    except (OSError, UnicodeDecodeError) as error:
        raise Failed(f"cannot read the token file {path}: {getattr(error, 'strerror', None) or 'not text'}") from None
    if not found:
        raise Failed(f"the token file {path} is empty")
    return give


def key_file(options: Options, address: str, environment: Mapping[str, str] = os.environ) -> Path | None:
    """The file that the key is read from. That of the data folder is offered to this machine's server only, and only
    where nothing else says who is calling."""
    if options.api_key_file is not None:
        return options.api_key_file
    if given := environment.get("LOCI_API_KEY_FILE"):
        return Path(given)
    if options.client_cert is not None:
        return None
    from loci.connection import is_local

    path = data_dir(environment) / KEY_FILE
    return path if is_local(address) and path.is_file() else None


def data_dir(environment: Mapping[str, str] = os.environ) -> Path:
    if given := environment.get("LOCI_DATA_DIR"):
        return Path(given)
    from loci_server.settings import default_data_dir

    return default_data_dir()


def _tls(options: Options) -> "TLS | bool | None":
    if (options.client_cert is None) != (options.client_key is None):
        raise Failed("--client-cert and --client-key belong together")
    if options.ca is None and options.client_cert is None:
        return options.tls or None
    from loci import TLS

    try:
        tls = TLS(roots=_pem(options.ca), certificate=_pem(options.client_cert), key=_pem(options.client_key))
        tls.credentials()
    except OSError as error:
        raise Failed(f"cannot read {error.filename}: {error.strerror}") from None
    except ValueError as error:
        said = str(error)
        for field, option in OPTIONS_OF_TLS.items():
            said = said.replace(f"TLS {field}", option, 1)
        raise Failed(said) from None
    return tls


def _pem(path: Path | None) -> Path | bytes | None:
    """A file, or what a pipe gives, which can be read once only."""
    return path if path is None or path.is_file() else path.read_bytes()
