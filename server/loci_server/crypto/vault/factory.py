"""The provider that the settings describe. Nothing is asked of Vault yet, so that a server starts without it."""

from loci_server.crypto.provider import KeyProvider
from loci_server.crypto.vault.kv import VaultKvKeys
from loci_server.crypto.vault.logins import AppRoleLogin, GivenToken, KubernetesLogin, Login, Secret
from loci_server.crypto.vault.session import Clock, Session
from loci_server.crypto.vault.transit import VaultTransitKeys
from loci_server.crypto.vault.wire import Address, Wire
from loci_server.settings import Settings

TRANSIT_MOUNT = "transit"
KV_MOUNT = "secret"


def vault_keys(settings: Settings, clock: Clock | None = None) -> KeyProvider:
    """`vault` or `vault-kv`, of settings that were checked."""
    clock = clock or Clock()
    assert settings.vault_url is not None
    address = Address(
        settings.vault_url,
        settings.vault_namespace,
        settings.vault_ca_file,
        settings.vault_client_certificate,
        settings.vault_client_key,
    )
    timeout = settings.vault_timeout
    session = Session(Wire(address, timeout), login(settings), timeout, clock)
    prefix = settings.vault_key_prefix
    if settings.key_provider == "vault":
        return VaultTransitKeys(session, mount=settings.vault_mount or TRANSIT_MOUNT, prefix=prefix)
    return VaultKvKeys(session, mount=settings.vault_mount or KV_MOUNT, prefix=prefix, now=clock.now)


def login(settings: Settings) -> Login:
    """The way to a token."""
    match settings.vault_auth:
        case "token":
            token = settings.vault_token
            return GivenToken(Secret(token.get_secret_value() if token else None, settings.vault_token_file))
        case "approle":
            secret_id = settings.vault_secret_id
            return AppRoleLogin(
                settings.vault_role_id or "",
                Secret(secret_id.get_secret_value() if secret_id else None, settings.vault_secret_id_file),
                settings.vault_auth_mount or "approle",
            )
        case "kubernetes":
            return KubernetesLogin(
                settings.vault_kubernetes_role or "",
                Secret(None, settings.vault_kubernetes_token_file),
                settings.vault_auth_mount or "kubernetes",
            )
