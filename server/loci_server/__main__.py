"""`python -m loci_server` is `loci`."""

from loci_server.cli import main

if __name__ == "__main__":
    main()
