"""Who is calling: API keys, scopes, principals."""
