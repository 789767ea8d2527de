"""The generated messages and stubs of loci.v1."""
