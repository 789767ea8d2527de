"""The key providers in Vault: on a stand-in and, where LOCI_TEST_VAULT_ADDR is set, on a real server."""
