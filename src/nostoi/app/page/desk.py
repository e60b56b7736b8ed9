"""Desk: what costs time is done one after another, and the same question only once.

A what-if keeps both cores busy for about a second, so questions queue. A queue that is full
refuses with a message; it never hangs. Answers are kept, so a slider that comes back is at once.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from nostoi.app.page.guard import RefusedError

MOST_WAITING = 64
MOST_KEPT = 64
"""Answers that are kept; each takes some 100 kB, compressed."""


@dataclass
class Desk:
    """A queue in front of one worker thread."""

    waiting: int = 0
    kept: OrderedDict[str, asyncio.Task[bytes]] = field(default_factory=OrderedDict)
    crew: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="what-if")
    )

    async def ask(self, key: str, work: Callable[[], bytes]) -> bytes:
        """The answer to a question; whoever asks the same meanwhile gets the same.

        Raises:
            RefusedError: when too many questions wait.
        """
        task = self.kept.get(key)
        if task is None:
            if self.waiting >= MOST_WAITING:
                raise RefusedError(503, 726, "too many questions wait", "ask again in some seconds")
            task = asyncio.create_task(self._work(work))
            self.kept[key] = task
        self.kept.move_to_end(key)
        try:
            # A reader who closes a tab must not take the answer from the others.
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            raise
        except BaseException:
            self.kept.pop(key, None)
            raise
        finally:
            self._forget()

    async def _work(self, work: Callable[[], bytes]) -> bytes:
        self.waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.crew, work)
        finally:
            self.waiting -= 1

    def _forget(self) -> None:
        for key in [k for k, task in self.kept.items() if task.done()]:
            if len(self.kept) <= MOST_KEPT:
                return
            del self.kept[key]

    def close(self) -> None:
        """Stop; what waits is dropped."""
        self.crew.shutdown(wait=False, cancel_futures=True)
