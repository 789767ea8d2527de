"""Several worker processes on one port, and the supervisor that keeps them running.

The supervisor serves nothing and imports nothing heavy. A worker that dies is replaced, with a growing pause if it dies
soon again; a worker whose supervisor dies drains and ends. One SIGTERM or SIGINT drains all, a second one kills.
"""

import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.context import SpawnProcess
from types import FrameType
from typing import Final

Target = Callable[[int], None]
"""What a worker does, given its number from 0. It must be picklable, and drain and return on SIGTERM."""

GIVE_UP: Final = 78
"""Exit code of a worker for which trying again is of no use, such as wrong settings: all the others are ended, too."""
FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 30.0
STEADY: Final = 60.0
"""Seconds after which a worker counts as one that runs well, so that its next death costs no long pause."""

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
_log = logging.getLogger(__name__)


def run_workers(count: int, target: Target) -> int:
    """Runs `target(0)` to `target(count - 1)`, each in a process, until told to end. Call it in the main thread.

    Returns the exit code: 0 after an orderly end, GIVE_UP if a worker gave up, 1 if workers had to be killed.
    """
    return _Supervisor(count, target).run()


@dataclass
class _Worker:
    number: int
    process: SpawnProcess | None = None
    started: float = 0.0
    deaths: int = 0
    """In a row, each soon after its start."""
    due: float = 0.0
    """When to start it."""


class _Supervisor:
    def __init__(self, count: int, target: Target) -> None:
        self._target = target
        self._workers = [_Worker(number) for number in range(count)]
        self._context = multiprocessing.get_context("spawn")
        self._signals = 0
        self._ending = False
        self._exit_code = 0

    def run(self) -> int:
        before = {number: signal.signal(number, self._count_signal) for number in _SIGNALS}
        woken, waking = socket.socketpair()  # so that a signal ends the wait below
        waking.setblocking(False)
        woken.setblocking(False)
        wakeup = signal.set_wakeup_fd(waking.fileno(), warn_on_full_buffer=False)
        try:
            with woken, waking:
                while self._step(woken):
                    pass
        finally:
            signal.set_wakeup_fd(wakeup)
            for number, handler in before.items():
                signal.signal(number, handler)
        return self._exit_code

    def _step(self, woken: socket.socket) -> bool:
        """One round; False when the last worker has ended."""
        if self._signals > 1:
            self._kill_all()
        elif self._signals:
            self._end_all()
        if not self._ending:
            self._start_due()
        running = [worker.process for worker in self._workers if worker.process is not None]
        if self._ending and not running:
            return False
        ready = connection.wait([woken, *(process.sentinel for process in running)], self._pause())
        if woken in ready:
            woken.recv(4096)
        for worker in self._workers:
            if worker.process is not None and worker.process.sentinel in ready:
                self._bury(worker)
        return True

    def _count_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1

    def _pause(self) -> float | None:
        """Seconds until a worker is due; None if there is nothing to wait for but processes and signals."""
        dues = [worker.due for worker in self._workers if worker.process is None]
        return max(0.0, min(dues) - time.monotonic()) if dues and not self._ending else None

    def _start_due(self) -> None:
        now = time.monotonic()
        for worker in self._workers:
            if worker.process is None and worker.due <= now:
                name = f"loci-worker-{worker.number}"
                worker.process = self._context.Process(target=_work, args=(self._target, worker.number), name=name)
                worker.process.start()
                worker.started = now

    def _bury(self, worker: _Worker) -> None:
        process = worker.process
        assert process is not None
        process.join()
        code, process_id = process.exitcode, process.pid
        process.close()
        worker.process = None
        if self._ending:
            return
        if code == GIVE_UP:
            _log.error("worker %d (process %s) gave up; ending the others", worker.number, process_id)
            self._exit_code = GIVE_UP
            self._end_all()
            return
        now = time.monotonic()
        worker.deaths = worker.deaths + 1 if now - worker.started < STEADY else 1
        pause = min(FIRST_PAUSE * 2.0 ** (worker.deaths - 1), LONGEST_PAUSE)
        worker.due = now + pause
        _log.error("worker %d (process %s) %s; starting another in %g s", worker.number, process_id, _told(code), pause)

    def _end_all(self) -> None:
        if not self._ending:
            self._ending = True
            for process in self._processes():
                process.terminate()

    def _kill_all(self) -> None:
        self._ending = True
        for process in self._processes():
            self._exit_code = 1
            process.kill()

    def _processes(self) -> list[SpawnProcess]:
        return [worker.process for worker in self._workers if worker.process is not None]


def _work(target: Target, number: int) -> None:
    """In the worker: Ctrl-C on the terminal is for the supervisor, which passes it on once."""
    os.setpgid(0, 0)
    threading.Thread(target=_end_with_supervisor, name="supervisor-watch", daemon=True).start()
    target(number)


def _end_with_supervisor() -> None:
    supervisor = multiprocessing.parent_process()
    if supervisor is not None:
        supervisor.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _told(code: int | None) -> str:
    if code is not None and code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
