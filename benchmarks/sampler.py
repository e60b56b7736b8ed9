"""Samplers on the posterior of a fit: effective draws of the worst unknown per processor second.

    python -m benchmarks.sampler FIT [--seconds 150] [--markdown FILE]

One chain each, in one run: the default (in the space and with the step that the fit learnt), NUTS
(NumPyro) in the space whitened around the mode with a step of its own, plain NUTS on the unwhitened
unknowns with its own adaptation of a diagonal mass matrix, a whole quick fit (four chains), and a
normal curve with importance weights. Plain NUTS is started at the mode, which favours it. Each
has the same time to draw after its warm-up; the warm-up is told apart.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
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
guess. The default goes on where the windows of its fit ended; the warm-up of the quick fit is its
windows. For the curve it is what its weighted draws are worth, and k-hat above 0.7 says that even
this is none.

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


Advance = Callable[[int], tuple[Any, Any]]
"""Makes so many more draws: places x [draw, dim] and leapfrog steps [draw]."""


def timed(name: str, target: Any, more: Advance, warmup: int, seconds: float) -> Result:
    """A chain for so many processor seconds after its warm-up."""
    from nostoi.infer.diagnostics import measure

    begun = time.process_time()
    if warmup:
        more(warmup)
    spent = time.process_time() - begun
    kept: list[Any] = []
    steps: list[Any] = []
    begun = time.process_time()
    while sum(len(one) for one in kept) < LEAST or time.process_time() - begun < seconds:
        places, made = more(BATCH)
        kept.append(places)
        steps.append(made)
    took = time.process_time() - begun
    import jax

    place = jax.jit(lambda x: target.place(x, target.frame)[0])
    z = np.stack([np.asarray(place(x)) for x in np.concatenate(kept)])
    ess = float(np.nanmin(measure(z[None]).ess_bulk))
    return Result(name, spent, len(z), float(np.mean(np.concatenate(steps))), took, ess)


def default(target: Any, fit: Path) -> Advance:
    """A chain of the default fit, from where the last window of its first chain ended."""
    from nostoi.infer.chains import load_chains
    from nostoi.infer.gradient import compile_gradient
    from nostoi.infer.hmc import Sampler, Stage
    from nostoi.infer.sample import windows
    from nostoi.infer.settings import Settings
    from nostoi.infer.whiten import load_whitening

    lengths = windows(Settings())
    last = load_chains(fit, f"window-{len(lengths) - 1}", 1, lengths[-1])
    made = load_chains(fit, "chains", 1, 50)
    step = float(np.exp(np.log(made.step_size).mean()))
    stage = Stage(
        "one", len(lengths) + 2, load_whitening(fit / "space.npz"), step, last.z[:, -1], 0
    )
    sampler = Sampler(compile_gradient(target), stage, 3)
    state = sampler.start(0)

    def more(draws: int) -> tuple[Any, Any]:
        nonlocal state
        state, rows = sampler.advance(state, draws, lambda _steps: None)
        return rows["z"], rows["steps"]

    return more


def nuts(target: Any, space: Any, warmup: int, mass: bool) -> Advance:
    """NumPyro's no-U-turn sampler in a space; compiled before its time runs.

    mass: whether the warm-up learns the widths of the unknowns.
    """
    import jax
    import jax.numpy as jnp
    from numpyro.infer.hmc import hmc

    def potential(w: Any) -> Any:
        return -target.log_density(jnp.asarray(space.centre) + jnp.asarray(space.scale) @ w)

    begin, kernel = hmc(potential_fn=potential, algo="NUTS")
    state = begin(
        jnp.zeros(target.dim), num_warmup=warmup, step_size=0.1, adapt_mass_matrix=mass,
        dense_mass=False, trajectory_length=None, max_tree_depth=10, rng_key=jax.random.PRNGKey(3),
    )  # fmt: skip
    step = jax.jit(kernel)
    step(state)

    def more(draws: int) -> tuple[Any, Any]:
        nonlocal state
        places, steps = [], []
        for _ in range(draws):
            state = step(state)
            places.append(space.centre + space.scale @ np.asarray(state.z))
            steps.append(int(state.num_steps))
        return np.stack(places), np.array(steps)

    return more


def quick(target: Any, whitening: Any) -> Result:
    """A quick fit: windows and a few draws, all its chains."""
    import tempfile

    import jax

    from nostoi.infer.diagnostics import measure
    from nostoi.infer.gradient import compile_gradient
    from nostoi.infer.sample import sample, windows
    from nostoi.infer.settings import Settings

    gradient, rules = compile_gradient(target), Settings(seed=3).short()
    gradient(whitening.centre)
    with tempfile.TemporaryDirectory() as folder:
        begun = time.process_time()
        made = sample(gradient, whitening, rules, Path(folder))
        spent = time.process_time() - begun
        steps = [load_steps(Path(folder), f"window-{k}", n) for k, n in enumerate(windows(rules))]
    place = jax.jit(lambda x: target.place(x, target.frame)[0])
    found = measure(np.array([[place(x) for x in one] for one in made.z]))
    share = made.steps.sum() / (made.steps.sum() + sum(steps))
    return Result(
        "quick (all chains)", spent * (1.0 - share), made.logp.size, float(made.steps.mean()),
        spent * share, float(np.nanmin(found.ess_bulk)),
        f"R-hat up to {float(np.nanmax(found.rhat)):.2f}",
    )  # fmt: skip


def load_steps(folder: Path, name: str, draws: int) -> int:
    """Leapfrog steps of all chains of a stage."""
    from nostoi.infer.chains import load_chains
    from nostoi.infer.settings import Settings

    return int(load_chains(folder, name, Settings().chains, draws).steps.sum())


def results(fit: Path, seconds: float) -> Iterator[Result]:
    """All samplers, the default first and plain NUTS second."""
    from nostoi.infer.frame import load_frame
    from nostoi.infer.laplace import draw_laplace
    from nostoi.infer.model import target_of
    from nostoi.infer.whiten import Whitening, load_whitening

    shape = load_whitening(fit / "map.npz")
    target = replace(target_of(case_of_fit(fit)), frame=load_frame(fit / "map.npz"))
    yield timed("default", target, default(target, fit), 0, seconds)
    plain = target_of(case_of_fit(fit))
    flat = Whitening(shape.centre, np.eye(target.dim), 0.0, 0, 1.0, 1.0)
    yield timed("NUTS, plain", plain, nuts(plain, flat, 100, mass=True), 100, seconds)
    yield timed("NUTS, whitened", target, nuts(target, shape, 60, mass=False), 60, seconds)
    yield quick(target, shape)
    begun = time.process_time()
    curve = draw_laplace(target, shape, draws=320)
    took = time.process_time() - begun
    remark = f"k-hat {curve.khat:.2f}"
    yield Result("normal curve, weighted", 0.0, 320, 1.0, took, curve.ess, remark)


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
