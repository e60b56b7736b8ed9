"""Samplers on the posterior of a fit: effective draws of the worst unknown per processor second.

    python -m benchmarks.sampler FIT [--seconds 150] [--markdown FILE]

One chain each, in one run: NUTS in whitened space (the default, with the saved map and step), plain
NUTS on the unwhitened unknowns with its own adaptation of a diagonal mass matrix, the many short
chains of `--quick`, and a normal curve with importance weights. Plain NUTS is started at the mode,
which favours it. Each has the same time to draw after its warm-up; the warm-up is told apart.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from nostoi.app.fitted import case_of_fit
from nostoi.base.numerics import prepare

BATCH = 10
LEAST = 40
"""Draws that a sampler gets in any case; fewer have no effective size worth the name."""

HEAD = """# Samplers

Written by `python -m benchmarks.sampler FIT` on the posterior of {name} ({dim} unknowns), one
chain each, some {seconds:.0f} CPU seconds of draws after the warm-up. "Effective draws" is the
least bulk effective sample size over all unknowns; of a chain that has not mixed it is an upper
guess; short chains are as many as `--quick` takes, from the middle of the posterior (their
warm-up: going there, and what they forget). For the curve it is what its weighted draws are worth,
and k-hat above 0.7 says that even this is none.

| sampler | warm-up, CPU s | draws | steps a draw | CPU s | effective draws | per CPU s | |
|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Result:
    """What one sampler did."""

    name: str
    warmup: float
    draws: int
    steps: float
    seconds: float
    effective: float
    remark: str = ""

    @property
    def rate(self) -> float:
        """Effective draws per processor second after the warm-up."""
        return self.effective / max(self.seconds, 1e-9)

    def row(self) -> str:
        """One line of the table."""
        return (
            f"| {self.name} | {self.warmup:.0f} | {self.draws} | {self.steps:.0f} | "
            f"{self.seconds:.0f} | {self.effective:.1f} | {self.rate:.4f} | {self.remark} |"
        )


def chain(name: str, target: Any, whitening: Any, settings: Any, seconds: float) -> Result:
    """One chain of NUTS for so many processor seconds."""
    from nostoi.infer.diagnostics import measure
    from nostoi.infer.nuts import Sampler

    sampler = Sampler(target, whitening, settings)
    state = sampler.start(0)
    sampler.advance(state, 1, lambda _steps: None)
    begun = time.process_time()
    state, _ = sampler.advance(state, settings.warmup, lambda _steps: None)
    warmup = time.process_time() - begun
    begun, kept, steps = time.process_time(), [], []
    while sum(map(len, kept)) < LEAST or time.process_time() - begun < seconds:
        state, rows = sampler.advance(state, BATCH, lambda _steps: None)
        kept.append(rows["z"])
        steps.append(rows["steps"])
    took = time.process_time() - begun
    import jax

    place = jax.jit(lambda x: target.place(x, target.frame)[0])
    z = np.stack([np.asarray(place(x)) for x in np.concatenate(kept)])
    ess = float(np.nanmin(measure(z[None]).ess_bulk))
    return Result(name, warmup, len(z), float(np.mean(np.concatenate(steps))), took, ess)


def short(target: Any, whitening: Any) -> Result:
    """The short chains of a quick fit."""
    import jax

    from nostoi.infer.diagnostics import measure
    from nostoi.infer.gradient import compile_gradient
    from nostoi.infer.middle import middle
    from nostoi.infer.short import FORGOTTEN, KEPT, LEAST, MOST, short_chains

    gradient = compile_gradient(target)
    gradient(whitening.centre)
    begun = time.process_time()
    shape = middle(gradient, whitening, 3)
    there = time.process_time() - begun
    begun = time.process_time()
    found = short_chains(gradient, shape, 3)
    spent = time.process_time() - begun
    kept = spent * KEPT / (KEPT + FORGOTTEN)
    place = jax.jit(lambda x: target.place(x, target.frame)[0])
    z = np.array([[place(x) for x in one] for one in found.x])
    ess = float(np.nanmin(measure(z).ess_bulk))
    rhat = f"R-hat up to {float(np.nanmax(measure(z).rhat)):.2f}"
    draws, steps = found.logp.size, (LEAST + MOST) / 2
    return Result("short chains (--quick)", there + spent - kept, draws, steps, kept, ess, rhat)


def results(fit: Path, seconds: float) -> Iterator[Result]:
    """All samplers, the default first."""
    import json

    import xarray as xr

    from nostoi.infer.frame import load_frame
    from nostoi.infer.laplace import draw_laplace
    from nostoi.infer.model import target_of
    from nostoi.infer.nuts import Settings
    from nostoi.infer.whiten import Whitening, load_whitening

    made = json.loads((fit / "fit.json").read_text(encoding="utf-8"))["settings"]
    whitening = load_whitening(fit / "map.npz")
    target = replace(target_of(case_of_fit(fit)), frame=load_frame(fit / "map.npz"))
    with xr.open_dataset(fit / "posterior.nc", group="sample_stats", engine="h5netcdf") as opened:
        step = float(opened["step_size"].median())
    default = Settings(chains=1, warmup=40, draws=0, accept=float(made.get("accept", 0.7)), seed=3,
                       step_size=step, adapt=False)  # fmt: skip
    yield chain("NUTS, whitened (default)", target, whitening, default, seconds)
    dim = target.dim
    plain = Whitening(whitening.centre, np.eye(dim), 0.0, 0, 1.0, 1.0)
    own = replace(default, warmup=100, mass="diagonal", adapt=True, step_size=0.05)
    yield chain("NUTS, plain", target_of(case_of_fit(fit)), plain, own, seconds)
    yield short(target, whitening)
    begun = time.process_time()
    quick = draw_laplace(target, whitening, draws=320)
    took = time.process_time() - begun
    remark = f"k-hat {quick.khat:.2f}"
    yield Result("normal curve, weighted", 0.0, 320, 1.0, took, quick.ess, remark)


def main() -> None:
    """Measure, print, and write the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fit", type=Path)
    parser.add_argument("--seconds", type=float, default=150.0)
    parser.add_argument("--markdown", type=Path)
    given = parser.parse_args()
    prepare()
    found = []
    for one in results(given.fit, given.seconds):
        print(one.row(), flush=True)
        found.append(one)
    ratio = found[0].rate / max(found[1].rate, 1e-12)
    last = f"\nThe default makes {ratio:.1f} times as many of them per CPU second as plain NUTS.\n"
    print(last)
    if given.markdown:
        case = case_of_fit(given.fit)
        from nostoi.infer.whiten import load_whitening

        dim = len(load_whitening(given.fit / "map.npz").centre)
        head = HEAD.format(name=case.spec.name, dim=dim, seconds=given.seconds)
        text = head + "\n".join(one.row() for one in found) + "\n" + last
        given.markdown.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
