"""The settings: one typed class, read from LOCI_ variables of the environment.

docs/configuration.md is generated from it.
"""

import os
import pwd
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, FilePath, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from loci_server.identity_settings import IdentitySettings

Port = Annotated[int, Field(ge=0, le=65535)]
Seconds = Annotated[float, Field(gt=0)]
Days = Annotated[float, Field(gt=0, le=36525)]
Count = Annotated[int, Field(ge=1)]
Limit = Annotated[int, Field(ge=0, le=10**15)]


def default_data_dir() -> Path:
    """The user's own data folder. PostgreSQL does not run as root, and its own user must reach its data: root's home
    stays closed, and the data are in /var/lib/loci then."""
    if os.geteuid() == 0 and Path.home() == Path(pwd.getpwuid(0).pw_dir):
        return Path("/var/lib/loci")
    return user_data_path("loci", appauthor=False)


def none_is_none(value: object) -> object:
    """The word for a setting that has a default and is to have no value."""
    return None if value == "none" else value


def service_url(value: str) -> str:
    """The URL of a service over HTTP. The value stays out of the error: it may hold a password."""
    try:
        parts = urlsplit(value)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known:
        raise ValueError("give a URL that begins with http:// or https:// and names a host")
    return value


ServiceUrl = Annotated[str, AfterValidator(service_url)]
VaultPath = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$")]


class Settings(IdentitySettings, BaseSettings):
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
    """Folder of the bundled PostgreSQL, the keyring and the first API key. PostgreSQL does not run as root:
    started by root it runs as the system user `loci-postgres` (or as the owner of the folder), for whom root's home
    stays closed; hence the other default. Of another folder that root names, those above get the search bit for
    others."""

    tls_certificate: Path | None = None
    """PEM file with the certificate chain of the server. With `tls_key`, the service speaks TLS. These files are read
    again when they change."""
    tls_key: Path | None = None
    """PEM file with the private key of the certificate: RSA, P-256 or P-384, without a passphrase."""
    tls_client_ca: Path | None = None
    """PEM file with the authorities of clients. With it every connection needs a certificate that one of them signed,
    also for health and with API keys."""

    database_url: SecretStr | None = None
    """URL of a PostgreSQL (16 or later, pgvector 0.8.4 or later). Unset: the server runs its own in `data_dir`."""
    migration_database_url: SecretStr | None = None
    """URL for migrations, where they need another role or must go around a pooler. Default: `database_url`."""
    database_pool_size: Annotated[int, Field(ge=1, le=500)] = 10
    """Connections of each worker process."""
    database_pooler: Literal["auto", "none", "transaction"] = "auto"
    """Whether a pooler in transaction mode (PgBouncer) stands in front of the database. `auto` finds out at start."""

    key_provider: Literal["local", "vault", "vault-kv"] = "local"
    """What holds the keys that wrap data keys: `local` a keyring file, `vault` the Transit engine of HashiCorp Vault or
    OpenBao, `vault-kv` its KV engine, version 2."""
    encryption_key: SecretStr | None = None
    """Root key of the local key provider: 32 bytes in base64. Unset: the keyring file `data_dir`/keyring.json."""

    key_refresh: Annotated[float, Field(ge=1)] = 300.0
    """Seconds after which an unwrapped data key is asked for again at the key service, beside the calls that use it: a
    key-encryption key that was destroyed or denied there ends the graph's use within twice as long."""
    key_lifetime: Annotated[float, Field(ge=2)] = 3600.0
    """Seconds after which an unwrapped data key is not used any more, and leaves memory with the calls that run, at
    least twice `key_refresh`: for so long graphs that are in use go on while the key service is away."""

    data_key_days: Annotated[Days | None, BeforeValidator(none_is_none)] = 365.0
    """Days after which a new data key takes the place of the one that seals a graph's content, and all of it is sealed
    anew in the background; `none`: never by age."""
    data_key_encryptions: Annotated[int, Field(ge=1000, le=1 << 32)] = 1 << 31
    """Envelopes after which the same is done: with random nonces a key of AES-GCM may seal 2³² (NIST SP 800-38D)."""

    vault_url: ServiceUrl | None = None
    """Base URL of Vault, as https://vault.example.com:8200. VAULT_… variables and those for proxies are not read."""
    vault_namespace: str | None = None
    """Namespace of Vault Enterprise or OpenBao."""
    vault_mount: VaultPath | None = None
    """Where the engine is mounted. Default: `transit`, for `vault-kv` `secret`."""
    vault_key_prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")] = "loci"
    """What names of keys begin with (`loci-tenant-…`), for `vault-kv` the folder. Installations that share a mount need
    different ones."""
    vault_auth: Literal["token", "approle", "kubernetes"] = "token"
    """How the server logs in to Vault."""
    vault_auth_mount: VaultPath | None = None
    """Where that way is mounted below `auth/`. Default: its name."""
    vault_token: SecretStr | None = None
    """Token for `token`. It is renewed, but dies at its maximum: give a periodic one, or a file."""
    vault_token_file: Path | None = None
    """File with the token, read again when it is written anew, as Vault Agent does."""
    vault_role_id: str | None = None
    """Role id for `approle`."""
    vault_secret_id: SecretStr | None = None
    """Secret id for `approle`."""
    vault_secret_id_file: Path | None = None
    """File with the secret id, read at each login."""
    vault_kubernetes_role: str | None = None
    """Role for `kubernetes`."""
    vault_kubernetes_token_file: Path = Path("/var/run/secrets/kubernetes.io/serviceaccount/token")
    """File with the token of the pod's service account, read at each login."""
    vault_ca_file: FilePath | None = None
    """PEM file with the certificates that Vault's is checked against. Unset: those of the package certifi."""
    vault_client_certificate: FilePath | None = None
    """PEM file with a certificate of the server, where Vault asks for one."""
    vault_client_key: FilePath | None = None
    """PEM file with the private key of that certificate, if it is not in the same file."""
    vault_timeout: Seconds = 5.0
    """Seconds that one operation may take, its login and all tries together."""

    embedder: Literal["minilm", "ollama", "openai", "none"] = "minilm"
    """What turns texts into vectors. `openai` is any server with that API."""
    embedder_model: str | None = None
    """Model that `ollama` (default nomic-embed-text) or `openai` (default text-embedding-3-small) is asked for."""
    embedder_url: ServiceUrl | None = None
    """Base URL of `ollama` (default http://127.0.0.1:11434) or `openai` (default https://api.openai.com/v1)."""
    embedder_api_key: SecretStr | None = None
    """Credential for `openai`."""
    embedder_dimensions: Annotated[int, Field(ge=1, le=4000)] | None = None
    """Dimensions to ask `openai` for, with models that can shorten their vectors."""
    embedder_timeout: Seconds = 30.0
    """Seconds that one request to an embedding service may take."""
    embedder_threads: Annotated[int, Field(ge=1, le=64)] = 2
    """Threads of `minilm`."""
    previous_embedder: Literal["minilm", "ollama", "openai", "none"] = "minilm"
    """The embedder before this one, when it is changed: graphs are searched by its vectors until they have those of the
    new one. This and the next four are what `embedder` and its like were."""
    previous_embedder_model: str | None = None
    """What `embedder_model` was."""
    previous_embedder_url: ServiceUrl | None = None
    """What `embedder_url` was."""
    previous_embedder_api_key: SecretStr | None = None
    """What `embedder_api_key` was."""
    previous_embedder_dimensions: Annotated[int, Field(ge=1, le=4000)] | None = None
    """What `embedder_dimensions` was."""
    vector_index_threshold: Count = 50_000
    """Vectors of one model in a graph beyond which an index finds them; of fewer a search looks at each."""

    reranker: Literal["none", "cohere", "jina", "tei"] = "none"
    """What scores the best hits of a search anew: a service with the API of Cohere, of Jina (vLLM, Infinity and LiteLLM
    have it too) or of Hugging Face's text-embeddings-inference. It gets queries and texts in clear."""
    reranker_model: str | None = None
    """Model that `cohere` (default rerank-v3.5) or `jina` (default jina-reranker-v2-base-multilingual) is asked for."""
    reranker_url: ServiceUrl | None = None
    """Base URL of the reranker, which ends before `/rerank`. Default: https://api.cohere.com/v2,
    https://api.jina.ai/v1, or http://127.0.0.1:8080 for `tei`."""
    reranker_api_key: SecretStr | None = None
    """Credential for the reranker."""
    reranker_timeout: Seconds = 5.0
    """Seconds that reranking may add to a search, tries and batches together."""

    tokenizer_file: Path | None = None
    """A `tokenizer.json` (Hugging Face `tokenizers`) by which the context of a recall is counted. Default: a token is 4
    characters."""

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
    stream_idle_timeout: Annotated[float, Field(gt=0, le=3600)] = 60.0
    """Seconds that an import waits for its next message, and a message of an export for its reader; then the stream
    ends with DEADLINE_EXCEEDED. Clients take both up again where they stood."""
    max_in_flight: Count = 1000
    """Calls with one answer that one worker process handles at once. Beyond this limit and the next five operators
    have 16 places more."""
    max_in_flight_per_tenant: Count = 500
    """Calls of one tenant that one worker process handles at once."""
    max_watches: Count = 10_000
    """Watches that one worker process serves at once."""
    max_watches_per_tenant: Count = 1000
    """Watches of one tenant that one worker process serves at once."""
    max_streams: Count = 400
    """Imports and exports that one worker process serves at once."""
    max_streams_per_tenant: Count = 100
    """Imports and exports of one tenant that one worker process serves at once."""
    max_public_streams: Count = 500
    """Streams without a credential that one worker process serves at once: watches of its health, and reflection."""
    max_public_streams_per_address: Count = 50
    """Of these, from one address (of IPv6 a /64)."""

    quota_requests_per_second: Limit = 0
    """Calls of a tenant a second that one worker process lets in, a stream counting as one; 0: no limit. This and the
    next four hold where the quota of the tenant says nothing else (`loci tenants update`)."""
    quota_request_burst: Limit = 0
    """Calls of a tenant that may come at once; 0: as many as in a second."""
    quota_graphs: Limit = 0
    """Live graphs of a tenant; 0: no limit."""
    quota_nodes: Limit = 0
    """Nodes of a tenant, in its live graphs; 0: no limit."""
    quota_bytes: Limit = 0
    """Sealed content of a tenant's nodes and edges, in its live graphs; 0: no limit."""
    max_failed_credentials: Limit = 30
    """Credentials from one address (of IPv6 a /64) that one worker process finds invalid in a minute, before further
    ones from there are refused and few of them looked up. 0: no limit; behind a proxy all callers have its address."""

    audit: Literal["off", "writes", "all"] = "writes"
    """What the audit records: `writes` are writes, administration and refused calls, `all` are reads, too."""
    audit_days: Annotated[Days | None, BeforeValidator(none_is_none)] = 365.0
    """Days for which entries of the audit are kept; `none`: for ever."""

    salience_half_lives: dict[str, Days] = {}
    """Half-lives of memories in days by node type, as JSON: `{"fact": 700, "*": 60}`, `*` for all types that are not
    named. Without: turn and episode 30, note, goal and others 90, decision 180, fact and preference 365."""
    query_history: bool = True
    """Keep what Search and Recall are asked, sealed, for ListQueries. A graph can be left out by itself."""
    query_history_days: Annotated[Annotated[float, Field(ge=1, le=36525)] | None, BeforeValidator(none_is_none)] = 30.0
    """Days for which it is kept; `none`: for ever."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """Lowest level of the log."""
    log_format: Literal["auto", "json", "text"] = "auto"
    """`json` is one object a line; `text` is for people; `auto` is text on a terminal."""
    bootstrap: bool = True
    """Make the tenant `default` and an API key (file `data_dir`/api-key) when the database has no tenant."""
    background_jobs: bool = True
    """Embed, also anew, index, merge, purge and compact in this process."""

    @model_validator(mode="after")
    def _history_covers_the_window(self) -> "Settings":
        if self.history_days is not None and self.history_days < self.watch_window_days:
            raise ValueError("LOCI_HISTORY_DAYS must be at least LOCI_WATCH_WINDOW_DAYS")
        return self

    @model_validator(mode="after")
    def _keys_are_asked_for_before_they_are_gone(self) -> "Settings":
        if self.key_lifetime < 2 * self.key_refresh:
            raise ValueError("LOCI_KEY_LIFETIME must be at least twice LOCI_KEY_REFRESH")
        return self

    @model_validator(mode="after")
    def _vault_can_be_asked(self) -> "Settings":
        if self.key_provider == "local":
            return self
        if self.vault_url is None:
            raise ValueError(f"LOCI_VAULT_URL is needed with LOCI_KEY_PROVIDER={self.key_provider}")
        needed: dict[str, bool] = {}
        match self.vault_auth:
            case "token":
                needed["LOCI_VAULT_TOKEN or LOCI_VAULT_TOKEN_FILE"] = bool(self.vault_token or self.vault_token_file)
            case "approle":
                needed["LOCI_VAULT_ROLE_ID"] = bool(self.vault_role_id)
                secret_id = self.vault_secret_id or self.vault_secret_id_file
                needed["LOCI_VAULT_SECRET_ID or LOCI_VAULT_SECRET_ID_FILE"] = bool(secret_id)
            case "kubernetes":
                needed["LOCI_VAULT_KUBERNETES_ROLE"] = bool(self.vault_kubernetes_role)
        missing = [name for name, given in needed.items() if not given]
        if missing:
            raise ValueError(f"{' and '.join(missing)} is needed with LOCI_VAULT_AUTH={self.vault_auth}")
        for value, file in (("token", "token_file"), ("secret_id", "secret_id_file")):
            if getattr(self, f"vault_{value}") and getattr(self, f"vault_{file}"):
                raise ValueError(f"LOCI_VAULT_{value.upper()} and LOCI_VAULT_{file.upper()} exclude each other")
        if self.vault_client_key and not self.vault_client_certificate:
            raise ValueError("LOCI_VAULT_CLIENT_CERTIFICATE is needed with LOCI_VAULT_CLIENT_KEY")
        return self
