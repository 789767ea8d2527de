"""What a node, an edge, a commit and a query are and may be: pure functions and frozen values.

No gRPC, no SQL, no network. The value types of nodes and edges are the messages of the contract themselves (loci.v1):
turning them into a second set of classes and back costs more than reading them from the database.
"""
