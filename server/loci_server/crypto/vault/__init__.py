"""Keys in HashiCorp Vault or OpenBao: the key providers `vault` (Transit) and `vault-kv` (KV version 2).

Asked by hvac, which blocks: its calls run in a few threads (`wire`), under a credential that is kept alive (`session`).
Only `vault_keys` is used elsewhere.
"""

from loci_server.crypto.vault.factory import vault_keys

__all__ = ["vault_keys"]
