"""From the shape at the mode to draws: windows in which all chains learn their space, then chains.

The first window moves the chains to where the posterior is and finds a step. Each later one learns
the space anew from its own draws and those of the window before. What the chains do in windows
never reaches the posterior; where they end is where the next stage begins.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nostoi.base.errors import NostoiError
from nostoi.infer.chains import Chains, run_chains
from nostoi.infer.gradient import FloatArray, Gradient
from nostoi.infer.hmc import Stage, no_start
from nostoi.infer.metric import learnt
from nostoi.infer.pace import pooled_step
from nostoi.infer.progress import Report
from nostoi.infer.settings import Settings
from nostoi.infer.whiten import Whitening, save_whitening

WINDOWS, LONG = (15, 25, 40), 80
"""Draws of each chain in each window. The long one comes last, where the draws that count are at
least twice as many: a space learnt from more draws bears a longer step."""

STARTS = 15
"""Number of the streams that place the chains, which no stage has."""

FIRST, SECOND = 0.2, 0.3
"""Step of the first window, and the longest of the second: acceptances far from the posterior say
little about what it will bear."""

SHORTEST, LONGEST = 0.02, 0.5
"""Steps of later stages: a path of a hundred steps is long enough where all are refused, and where
all are accepted a few are needed for the angle to be the one drawn."""

SHRINKS = 30


def sample(
    gradient: Gradient,
    shape: Whitening,
    settings: Settings,
    out: Path,
    *,
    identity: str = "",
    report: Report | None = None,
) -> Chains:
    """All draws that count; `out` keeps windows and chains, and the same call goes on from there.

    Args:
        gradient: log density and gradient of the target.
        shape: whitening around the mode, where the chains begin.
        settings: numbers of chains and draws, seed and acceptance.
        out: folder of the windows' and of the chains' folders.
        identity: text that says which target this is; the same folder refuses another one.
        report: hears the progress, in this thread.

    Raises:
        NostoiError: N502 no finite start; N503 other settings than those saved; N504, N505.
    """
    starts = np.stack([_start(gradient, shape, settings.seed, c) for c in range(settings.chains)])
    space, step, before = shape, FIRST, None
    lengths = windows(settings)
    for number, draws in enumerate(lengths):
        later = sum(lengths[number + 1 :]) + settings.draws
        stage = Stage(f"window-{number}", number, space, step, starts, draws, later)
        made = run_chains(gradient, stage, settings, out, identity=identity, report=report)
        starts = made.z[:, -1]
        step = pooled_step(made.step_size.mean(1), made.accept.mean(1), settings.accept)
        step = float(np.clip(step, SHORTEST, LONGEST if number else SECOND))
        if number == 0:
            continue
        space = _space(shape, [made] if before is None else [before, made])
        before = made
    save_whitening(out / "space.npz", space)
    stage = Stage("chains", len(lengths), space, step, starts, settings.draws)
    return run_chains(gradient, stage, settings, out, identity=identity, report=report)


def windows(settings: Settings) -> tuple[int, ...]:
    """Draws of each chain in each window of a fit."""
    return (*WINDOWS, LONG) if settings.draws >= 2 * LONG else WINDOWS


def _space(base: Whitening, windows: list[Chains]) -> Whitening:
    """The space that the draws of some windows ask for."""
    dim = base.centre.size
    draws = np.concatenate([one.z.reshape(-1, dim) for one in windows])
    return learnt(base, draws, np.concatenate([one.slope.reshape(-1, dim) for one in windows]))


def _start(gradient: Gradient, shape: Whitening, seed: int, chain: int) -> FloatArray:
    """Where a chain begins: a draw of the normal curve, nearer to its middle if need be; [dim]."""
    counter = [0, 0, chain, STARTS]
    rng = np.random.Generator(np.random.Philox(key=seed, counter=counter))
    w = rng.standard_normal(shape.centre.size)
    for _ in range(SHRINKS):
        value, slope = gradient(shape.place(w))
        if np.isfinite(value) and np.isfinite(slope).all():
            return shape.place(w)
        w = 0.5 * w
    raise NostoiError(no_start(chain))
