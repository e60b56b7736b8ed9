"""Progress in plain lines and in bars."""

from __future__ import annotations

import io

from rich.console import Console

from nostoi.infer.progress import (
    BarProgress,
    LineProgress,
    Tick,
    clock,
    seconds_left,
    show_progress,
)

HALF = Tick(0, "draws", 50, 100, left=50, per_second=2.0, steps=31.0)


def test_time_left_counts_chains_that_have_not_begun() -> None:
    assert seconds_left({}, 2) is None
    assert seconds_left({0: HALF}, 1) == 25.0
    assert seconds_left({0: HALF}, 2, threads=1) == 75.0
    assert seconds_left({0: HALF}, 2, threads=2) == 37.5
    other = Tick(1, "warm-up", 10, 20, left=100, per_second=3.0, steps=7.0)
    assert seconds_left({0: HALF, 1: other}, 2) == 30.0


def test_only_as_many_chains_are_at_work_as_there_are_threads() -> None:
    four = {chain: Tick(chain, "draws", 50, 100, 50, 2.0, 31.0) for chain in range(4)}
    assert seconds_left(four, 4, threads=2) == 200 / 4.0
    assert seconds_left(four, 4, threads=8) == 200 / 8.0


def test_times_in_words() -> None:
    assert [clock(s) for s in (None, 5, 600, 3900)] == ["...", "5 s", "10 min", "1 h 05 min"]


def test_lines_are_rare_and_the_end_is_always_told() -> None:
    stream = io.StringIO()
    with LineProgress(stream, chains=1, every=3600) as report:
        report(HALF)
        report(HALF)
        report(Tick(0, "done", 100, 100, left=0, per_second=0.0, steps=0.0))
    first, last = stream.getvalue().splitlines()
    assert first == "chain 0: draws 50/100; 25 s left"
    assert last.startswith("chain 0: done")


def test_a_terminal_gets_bars_and_a_pipe_gets_lines() -> None:
    pipe, terminal = io.StringIO(), io.StringIO()
    assert isinstance(show_progress(Console(file=pipe), 1), LineProgress)
    view = show_progress(Console(file=terminal, force_terminal=True, width=120), 1)
    assert isinstance(view, BarProgress)
    with view as report:
        report(HALF)
    assert "50/100" in terminal.getvalue()
    assert "31 steps a draw" in terminal.getvalue()
