"""Tokens of OIDC issuers (JWT): taken apart, their signature and claims checked, the keys of issuers kept."""
