"""The `loci` command: it runs servers, looks after databases, and is a client for the terminal.

Each module holds one command group and imports what is slow inside its commands, so that `loci --help` is quick.
"""


def main() -> None:
    """Entry point. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    import io
    import sys

    for place, argument in enumerate(sys.argv[1:], 1):
        try:
            argument.encode()
        except UnicodeEncodeError:
            sys.stderr.write(f"error: argument {place} is not UTF-8\n")
            sys.exit(2)
    for stream in (sys.stdout, sys.stderr):  # a terminal that cannot show a character gets its code
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        from loci_server.cli.program import app

        app(prog_name="loci")
    except KeyboardInterrupt:  # of modules that are being imported; commands say it themselves
        sys.stderr.write("interrupted\n")
        sys.exit(130)
