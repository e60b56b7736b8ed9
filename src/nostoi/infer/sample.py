"""From the shape at the mode to draws: chains that learn the space in which they run.

All chains forget a few windows of draws. The first window moves them to where the posterior is and
finds a step; each later one learns the space from its own draws and those of the window before.

The draws that count come in two parts. The first runs in the space and with the step of the last
window, fixed before it begins, so that its draws keep the posterior whatever is learnt from them
later; the second runs in the space that the first asks for, which bears a longer step.
"""

from __future__ import annotations

from dataclasses import fields
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

WINDOWS = (15, 25, 40)
"""Draws of each chain in each window; they are forgotten."""

LONG = 80
"""Draws of each chain in the first part, where as many are still to come."""

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
    """All draws that count; `out` keeps windows and parts, and the same call goes on from there.

    Args:
        gradient: log density and gradient of the target.
        shape: whitening around the mode, where the chains begin.
        settings: numbers of chains and draws, seed and acceptance.
        out: folder of the stages' folders.
        identity: text that says which target this is; the same folder refuses another one.
        report: hears the progress, in this thread.

    Raises:
        NostoiError: N502 no finite start; N503 other settings than those saved; N504, N505.
    """
    starts = np.stack([_start(gradient, shape, settings.seed, c) for c in range(settings.chains)])
    space, step = shape, FIRST
    made: list[Chains] = []
    names, lengths = zip(*stages(settings), strict=True)
    for number, (name, draws) in enumerate(zip(names, lengths, strict=True)):
        before = None if number < len(WINDOWS) else sum(lengths[len(WINDOWS) : number])
        later = sum(lengths[number + 1 :])
        stage = Stage(name, number, space, step, starts, draws, later, before)
        done = run_chains(gradient, stage, settings, out, identity=identity, report=report)
        made.append(done)
        starts = done.z[:, -1]
        step = pooled_step(done.step_size.mean(1), done.accept.mean(1), settings.accept)
        step = float(np.clip(step, SHORTEST, LONGEST if number else SECOND))
        if 0 < number < len(lengths) - 1:
            space = _space(shape, made[max(number - 1, 1) :])
    save_whitening(out / "space.npz", space)
    return _together(made[len(WINDOWS) :])


def stages(settings: Settings) -> list[tuple[str, int]]:
    """Name and draws of each chain of every stage: windows, then the parts that count."""
    draws = settings.draws
    parts = (LONG, draws - LONG) if draws >= 2 * LONG else (draws,)
    forgotten = [(f"window-{k}", draws) for k, draws in enumerate(WINDOWS)]
    return [*forgotten, *((f"part-{k}", draws) for k, draws in enumerate(parts))]


def _space(base: Whitening, some: list[Chains]) -> Whitening:
    """The space that the draws of some stages ask for."""
    dim = base.centre.size
    draws = np.concatenate([one.z.reshape(-1, dim) for one in some])
    return learnt(base, draws, np.concatenate([one.slope.reshape(-1, dim) for one in some]))


def _together(parts: list[Chains]) -> Chains:
    """The draws of all parts, one behind the other."""
    names = [field.name for field in fields(Chains)]
    return Chains(**{n: np.concatenate([getattr(p, n) for p in parts], axis=1) for n in names})


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
