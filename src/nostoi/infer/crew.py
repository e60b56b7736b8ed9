"""Worker processes seen from the parent: hire, give a job, hear, tell why one died, dismiss."""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, cast

from nostoi.base.errors import Finding, NostoiError
from nostoi.base.numerics import SINGLE_THREAD
from nostoi.infer.worker import Failed, Job, Message

START = "from nostoi.infer.worker import main; main()"
GRACE = 5.0
MINUTE = 60.0
AHEAD = 99
"""Number of the worker that compiles ahead, in the name of its log."""

TAIL = 15


@dataclass(frozen=True, eq=False)
class Worker:
    """A process; `log` holds what it wrote to standard error."""

    process: subprocess.Popen[bytes]
    log: Path

    def send(self, *parcels: bytes) -> None:
        """Send pickles. A worker that has died is noticed when its messages end."""
        stream = cast(IO[bytes], self.process.stdin)
        with contextlib.suppress(OSError):
            stream.write(b"".join(parcels))
            stream.flush()

    def messages(self) -> Iterator[Message]:
        """Messages until the process ends, however it ends."""
        stream = cast(IO[bytes], self.process.stdout)
        with stream, contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
            while True:
                yield pickle.load(stream)  # noqa: S301  our own process wrote it


Mail = queue.SimpleQueue[tuple[Worker, Message | None]]


def pack(job: Job) -> bytes:
    """The job as bytes; N506 when the target's function cannot be found by name."""
    where = getattr(getattr(job.make_target, "func", job.make_target), "__module__", "")
    try:
        parcel = pickle.dumps(job)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise NostoiError(_unsendable(str(error))) from error
    if where == "__main__":
        raise NostoiError(_unsendable("it is defined in the script itself"))
    return parcel


def hire(folder: Path, number: int, mail: Mail) -> Worker:
    """Start a worker on one core; its messages go to `mail`, at its end comes None."""
    path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
    flags = os.environ.get("XLA_FLAGS", "")
    if SINGLE_THREAD not in flags:
        flags = f"{flags} {SINGLE_THREAD}".strip()
    setting = {
        "PYTHONPATH": path,
        "XLA_FLAGS": flags,
        "JAX_ENABLE_X64": "1",
        "JAX_PLATFORMS": os.environ.get("JAX_PLATFORMS", "cpu"),
    }
    log = folder / f"worker-{number}.log"
    with log.open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603  our own interpreter and our own text
            [sys.executable, "-c", START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=os.environ | setting,
            start_new_session=True,
        )
    worker = Worker(process, log)

    def pass_on() -> None:
        for message in worker.messages():
            mail.put((worker, message))
        mail.put((worker, None))

    threading.Thread(target=pass_on, daemon=True).start()
    return worker


@contextlib.contextmanager
def compiling_ahead(job: Job) -> Iterator[None]:
    """A worker compiles what `job` needs while the caller does something else.

    At the end it is given a minute more. Whether it succeeds does not matter: who samples
    compiles whatever it has not got ready.
    """
    job.folder.mkdir(parents=True, exist_ok=True)
    worker = hire(job.folder, AHEAD, queue.SimpleQueue())
    worker.send(pack(replace(job, only_compiles=True)), pickle.dumps(None))
    try:
        yield
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.process.wait(timeout=MINUTE)
    finally:
        dismiss([worker])


def trouble(worker: Worker, message: Message | None) -> NostoiError:
    """What to raise for a worker that failed (it said why) or died (it could not)."""
    if isinstance(message, Failed) and message.error is not None:
        return message.error
    if isinstance(message, Failed):
        tail = message.text
        what = f"a worker process failed: {tail.strip().splitlines()[-1]}"
        do = "see the trace; what is saved is kept, and the same command goes on from there"
    else:
        code = worker.process.wait()
        lines = worker.log.read_text(encoding="utf-8", errors="replace").splitlines()
        tail = "\n".join(lines[-TAIL:])
        cause = " (often: the machine was short of memory)" if code == -9 else ""
        what = f"a worker process ended unexpectedly with code {code}{cause}"
        do = "run the same command again: it goes on from the last saved chunk; "
        do += "one worker needs half the memory of two"
    error = NostoiError(Finding(number=504, what=what, file=str(worker.log), do=do))
    if tail:
        error.add_note(tail)
    return error


def dismiss(crew: list[Worker]) -> None:
    """End all workers; whatever they had not saved is made again on the next run."""
    for worker in crew:
        with contextlib.suppress(OSError):
            cast(IO[bytes], worker.process.stdin).close()
    for worker in crew:
        try:
            worker.process.wait(timeout=GRACE)
        except subprocess.TimeoutExpired:
            worker.process.kill()
            worker.process.wait()
        if worker.log.exists() and worker.log.stat().st_size == 0:
            worker.log.unlink()


def _unsendable(why: str) -> Finding:
    return Finding(
        number=506,
        what=f"the function that builds the target cannot be sent to a worker: {why}",
        do="define it in a module, and fill in its arguments with functools.partial",
    )
