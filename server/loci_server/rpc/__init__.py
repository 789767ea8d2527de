"""The gRPC listener: what every call passes through, health, and draining. Nothing of the domain."""
