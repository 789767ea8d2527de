"""Loci: a memory server for AI agents."""

import os

# gRPC's own handlers around fork do nothing for a process that only forks to run a program, and have crashed one. Its
# log goes past ours. Both are read when grpc is imported.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "false")
os.environ.setdefault("GRPC_VERBOSITY", "NONE")

__version__ = "0.1.0"
