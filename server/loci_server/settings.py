"""The settings: one typed class, read from LOCI_ variables of the environment.

docs/configuration.md is generated from it.
"""

import os
import pwd
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Port = Annotated[int, Field(ge=0, le=65535)]
Seconds = Annotated[float, Field(gt=0)]
Days = Annotated[float, Field(gt=0, le=36525)]
Count = Annotated[int, Field(ge=1)]


def default_data_dir() -> Path:
    """The user's own data folder. PostgreSQL does not run as root, and its own user must reach its data: root's home
    stays closed, and the data are in /var/lib/loci then."""
    if os.geteuid() == 0 and Path.home() == Path(pwd.getpwuid(0).pw_dir):
        return Path("/var/lib/loci")
    return user_data_path("loci", appauthor=False)


def none_is_none(value: object) -> object:
    """The word for a setting that has a default and is to have no value."""
    return None if value == "none" else value


class Settings(BaseSettings):
    """What a server is told. Each option has a default that suits one machine."""

    model_config = SettingsConfigDict(
        env_prefix="LOCI_", use_attribute_docstrings=True, extra="ignore", frozen=True, validate_default=True
    )

    host: str = "127.0.0.1"
    """Address to listen on. `0.0.0.0` or `[::]` is every interface: give a certificate then."""
    port: Port = 50051
    """Port of the gRPC service; 0 picks a free one."""
    metrics_port: Port | None = None
    """Port of the Prometheus endpoint `/metrics` on the same host. Unset: none."""
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    """Worker processes that share the port by SO_REUSEPORT."""
    data_dir: Path = Field(default_factory=default_data_dir)
    """Folder of the bundled PostgreSQL, the keyring and the first API key."""

    tls_certificate: Path | None = None
    """PEM file with the certificate chain of the server. With `tls_key`, the service speaks TLS."""
    tls_key: Path | None = None
    """PEM file with the private key of the certificate."""

    database_url: SecretStr | None = None
    """URL of a PostgreSQL (16 or later, pgvector 0.8.4 or later). Unset: the server runs its own in `data_dir`."""
    migration_database_url: SecretStr | None = None
    """URL for migrations, where they need another role or must go around a pooler. Default: `database_url`."""
    database_pool_size: Annotated[int, Field(ge=1, le=500)] = 10
    """Connections of each worker process."""
    database_pooler: Literal["auto", "none", "transaction"] = "auto"
    """Whether a pooler in transaction mode (PgBouncer) stands in front of the database. `auto` finds out at start."""

    encryption_key: SecretStr | None = None
    """Root key of the local key provider: 32 bytes in base64. Unset: the keyring file `data_dir`/keyring.json."""

    embedder: Literal["minilm", "ollama", "openai", "none"] = "minilm"
    """What turns texts into vectors. `openai` is any server with that API."""
    embedder_model: str | None = None
    """Model that `ollama` or `openai` is asked for."""
    embedder_url: str | None = None
    """Base URL of `ollama` (default http://127.0.0.1:11434) or `openai` (default https://api.openai.com/v1)."""
    embedder_api_key: SecretStr | None = None
    """Credential for `openai`."""
    embedder_dimensions: Annotated[int, Field(ge=1, le=4000)] | None = None
    """Dimensions to ask `openai` for, with models that can shorten their vectors."""
    embedder_timeout: Seconds = 30.0
    """Seconds that one request to an embedding service may take."""
    embedder_threads: Annotated[int, Field(ge=1, le=64)] = 2
    """Threads of `minilm`."""

    default_deadline: Seconds = 30.0
    """Seconds for a unary call that names no deadline."""
    max_deadline: Seconds = 120.0
    """Longest deadline of a unary call, in seconds; longer ones are cut."""
    watch_stall_timeout: Seconds = 30.0
    """Seconds that a message of a watch waits for its reader; then the watch ends with WATCH_TOO_SLOW."""
    max_connection_age: Seconds | None = None
    """Seconds after which a connection is asked to end, so that load balancers can spread callers anew; calls that run
    may go on for as long again. Watches say so with a message marked `draining` before. Unset: connections stay."""
    watch_window_days: Days = 7.0
    """Days for which each commit can be watched. A watch that begins behind an older one is refused with
    REVISION_COMPACTED."""
    history_days: Days | None = None
    """Days for which revisions and earlier states can be read, `watch_window_days` or more; whole months (UTC) that are
    older are dropped from the log. Unset: all history is kept."""
    drain_timeout: Seconds = 20.0
    """Seconds that running calls get to end after SIGTERM."""
    max_in_flight: Count = 1000
    """Calls that one worker process handles at once."""
    max_in_flight_per_tenant: Count = 500
    """Calls of one tenant that one worker process handles at once."""
    max_watches: Count = 10_000
    """Watches that one worker process serves at once."""
    max_watches_per_tenant: Count = 1000
    """Watches of one tenant that one worker process serves at once."""

    audit: Literal["off", "writes", "all"] = "writes"
    """What the audit records: `writes` are writes, administration and refused calls, `all` are reads, too."""
    audit_days: Annotated[Days | None, BeforeValidator(none_is_none)] = 365.0
    """Days for which entries of the audit are kept; `none`: for ever."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """Lowest level of the log."""
    log_format: Literal["auto", "json", "text"] = "auto"
    """`json` is one object a line; `text` is for people; `auto` is text on a terminal."""
    bootstrap: bool = True
    """Make the tenant `default` and an API key (file `data_dir`/api-key) when the database has no tenant."""
    background_jobs: bool = True
    """Embed, merge, purge and compact in this process."""

    @model_validator(mode="after")
    def _history_covers_the_window(self) -> "Settings":
        if self.history_days is not None and self.history_days < self.watch_window_days:
            raise ValueError("LOCI_HISTORY_DAYS must be at least LOCI_WATCH_WINDOW_DAYS")
        return self
