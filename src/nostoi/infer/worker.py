"""A process that runs chains one after the other, as its parent asks.

It is a plain `python -c` process and not a fork: XLA must be set up before JAX starts, and
the caller's script is not imported again. The parent sends pickles on standard input, first a
`Job` and then chain numbers; the worker answers with pickles on standard output. When the
parent disappears, standard input ends and the worker leaves at once.
"""

from __future__ import annotations

import os
import pickle
import queue
import sys
import threading
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from nostoi.base.errors import NostoiError
from nostoi.base.numerics import prepare
from nostoi.infer.progress import Tick
from nostoi.infer.target import MakeTarget
from nostoi.infer.whiten import Whitening


@dataclass(frozen=True)
class Job:
    """All that a worker needs: how to build the target, and how and where to sample it.

    A worker that `only_compiles` makes no draw: it fills the compile cache for those who do.
    """

    make_target: MakeTarget
    whitening: Whitening
    settings: Any
    folder: Path
    only_compiles: bool = False


@dataclass(frozen=True)
class Finished:
    """A chain is complete; the worker is free."""

    chain: int


@dataclass(frozen=True)
class Failed:
    """The worker met an error: `error` when it is one of ours, else the trace in `text`."""

    text: str
    error: NostoiError | None = None


Message = Tick | Finished | Failed


def main() -> None:
    """Entry point of the process."""
    listen, speak = sys.stdin.buffer, _own_output()
    try:
        job: Job = pickle.load(listen)  # noqa: S301
        orders: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        threading.Thread(target=_listen, args=(listen, orders), daemon=True).start()
        _serve(job, orders, speak)
    except NostoiError as error:
        _say(speak, Failed(str(error), error))
    except Exception:
        _say(speak, Failed(traceback.format_exc()))


def _own_output() -> BinaryIO:
    """Keep standard output for messages; what anything else prints goes to standard error."""
    ours = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return ours


def _listen(stream: BinaryIO, orders: queue.SimpleQueue[int | None]) -> None:
    """Pass orders on; leave at once when the parent is gone. Saved chunks are always whole."""
    try:
        while True:
            order = pickle.load(stream)  # noqa: S301
            orders.put(order)
            if order is None:
                return
    except (EOFError, OSError):
        os._exit(1)


def _serve(job: Job, orders: queue.SimpleQueue[int | None], speak: BinaryIO) -> None:
    prepare()
    from nostoi.infer.chain import run_chain
    from nostoi.infer.nuts import Sampler

    sampler = Sampler(job.make_target(), job.whitening, job.settings)
    if job.only_compiles:
        sampler.prepare()
    while (chain := orders.get()) is not None:
        run_chain(sampler, chain, job.folder, lambda tick: _say(speak, tick))
        _say(speak, Finished(chain))


def _say(speak: BinaryIO, message: Message) -> None:
    pickle.dump(message, speak)
    speak.flush()
