"""What a client command works with: a client that connects when first used, and the output."""

from types import TracebackType
from typing import TYPE_CHECKING, Self

from loci_server.cli.connection import Options, client_arguments
from loci_server.cli.failures import Failed
from loci_server.cli.output import Output

if TYPE_CHECKING:
    from loci import AsyncClient, Client


def refusal(error: ValueError) -> str:
    """What the client says against its arguments, with the options for it."""
    said = str(error)
    return f"{said} (on the command line: --tls, --ca or --insecure)" if "TLS" in said or "insecure" in said else said


class Session:
    """One run of one command."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.output = Output(as_json=options.json)
        self._client: Client | None = None

    @property
    def client(self) -> "Client":
        """The blocking client, made when first asked for."""
        if self._client is None:
            from loci import Client

            try:
                self._client = Client(**client_arguments(self.options))
            except ValueError as error:
                raise Failed(refusal(error)) from None
        return self._client

    def async_client(self, api_key: str | None = None) -> "AsyncClient":
        """An asyncio client, to be closed by the caller, with the session's key or another one."""
        from loci import AsyncClient

        arguments = client_arguments(self.options)
        if api_key is not None:
            arguments |= {"api_key": api_key, "token": None}
        try:
            return AsyncClient(**arguments)
        except ValueError as error:
            raise Failed(refusal(error)) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            self._client.close()
