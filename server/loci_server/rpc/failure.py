"""How a call ends that does not end well."""

import asyncio

from loci_server.errors import Draining
from loci_server.rpc.admission import EXPELLED
from loci_server.rpc.call import Call
from loci_server.rpc.errors import refuse
from loci_server.rpc.faults import fault
from loci_server.rpc.method import Context


async def fail(error: BaseException, context: Context, call: Call, seconds: float | None = None) -> None:
    """Tells observers and the caller. Always raises.

    A caller who has gone, or whose deadline has passed, gets no answer: the cancellation goes on, so that everything
    below the servicer ends too. `seconds` is what the server allowed the call.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        if call.refusal is not None and task.uncancel() == 0:
            error = call.refusal
        elif EXPELLED in error.args and task.uncancel() == 0:
            error = Draining(retry_after=0.0)
        else:
            code = "DEADLINE_EXCEEDED" if context.time_remaining() == 0 else "CANCELLED"
            call.end(code, code)
            raise error if isinstance(error, asyncio.CancelledError) else asyncio.CancelledError from error
    answer = fault(error, call.method, call.span, seconds)
    call.end(answer.code, answer.reason_name())
    await refuse(context, answer)
