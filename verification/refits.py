"""Quick fits of many sets of figures of one case: what `fit --quick` does, compiled once.

`nostoi fit` compiles the figures of a case into its loops. Here they are arguments, so that the
next world costs no compilation. One thing differs: the middle of the prior of a poll's offset is
that of the case itself and not that of the world's own figures.
"""

from __future__ import annotations

import copy
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from nostoi.case.case import Case
from nostoi.infer.fit import NEAR, QUICK
from nostoi.infer.frame import Frame, frame_at, plain_frame
from nostoi.infer.gradient import CompiledGradient
from nostoi.infer.linear import Linear, around
from nostoi.infer.mode import ModeSettings, climb, find_mode
from nostoi.infer.model import CaseTarget, target_of
from nostoi.infer.posterior import Draws, build, write
from nostoi.infer.quantities import quantities
from nostoi.infer.sample import sample
from nostoi.infer.settings import Settings
from nostoi.infer.whiten import THREADS
from nostoi.observe.panel import Panel
from nostoi.study.horizon import panel_on


class Figures(NamedTuple):
    """What compiled code is told of a world: its frame, and the ends of every row."""

    frame: Frame
    low: Any
    high: Any


def read(target: CaseTarget, figures: Figures) -> CaseTarget:
    """The target with the figures in the place of its own."""
    panel = copy.copy(target.panel)
    panel.low, panel.high = figures.low, figures.high
    return replace(target, panel=panel, frame=figures.frame)


class Refits:
    """Quick fits of worlds of one case."""

    def __init__(self, case: Case) -> None:
        """Everything that all worlds share."""
        self.target = target_of(case)
        self._slope = jax.jit(jax.value_and_grad(self._density))
        self._look = jax.jit(self._rows)
        self._record = jax.jit(lambda z: self.target.record(self.target.values(z)))
        self._all = jax.jit(self._of_draw)
        self._centre = jax.jit(self._of_rows)
        self._pull = jax.jit(jax.grad(lambda z, w, figures: self._of_rows(z, figures)[0] @ w))

    def fit(self, case: Case, out: Path, seed: int) -> Linear:
        """Fits a case that differs in its figures only; writes fit.json and posterior.nc.

        Returns:
            The rows around the posterior mean.
        """
        panel = panel_on(self.target.model.world, case.evidence)
        figures, shape, gradient = self._shape(panel)
        made = replace(self.target, case=case, panel=panel)
        out.mkdir(parents=True)
        x = sample(gradient, shape, Settings(seed=seed).short(), out).z
        draws = self._draws(x, figures, seed)
        write(build(made, draws), out / "posterior.nc")
        meta = {"case_hash": case.hash, "status": "done", "method": QUICK}
        (out / "fit.json").write_text(json.dumps(meta), encoding="utf-8")
        mean = np.asarray(draws.z).mean((0, 1))
        return around(
            lambda z: self._centre(z, figures),
            lambda z, weights: self._pull(z, weights, figures),
            (figures.low, figures.high),
            mean,
        )

    def _shape(self, panel: Panel) -> Any:
        """Figures with their frame, the space around the mode, and the gradient there."""
        target, low, high = self.target, panel.low, panel.high
        plain = plain_frame(target.dim, target.observers, len(low))
        figures = Figures(plain, low, high)
        gradient = CompiledGradient(self._slope, figures)
        near = climb(gradient, target.dim, target.scatter)
        record = self._record(near)

        def look(own: Any) -> Any:
            return self._look(own, record, near, figures)

        frame = frame_at(near, target.observers, look, low, high)
        figures = figures._replace(frame=frame)
        gradient = gradient.framed(figures)
        rules = ModeSettings(tolerance=NEAR, rough=True)
        mode = find_mode(target, near, rules, gradient=gradient, held=target.scatter)
        return figures, mode.whitening(), gradient

    def _density(self, x: Any, figures: Figures) -> Any:
        return read(self.target, figures).log_density_in(x, figures.frame)

    def _rows(self, own: Any, record: Any, z: Any, figures: Figures) -> Any:
        target = read(self.target, figures)
        values = target.values(jnp.concatenate([z[: -target.observers], own]))
        return target.panel.centre_and_width(target.panel.read(record), values)

    def _of_rows(self, z: Any, figures: Figures) -> Any:
        target = read(self.target, figures)
        values = target.values(z)
        return target.panel.centre_and_width(target.panel.read(target.record(values)), values)

    def _of_draw(self, x: Any, key: Any, figures: Figures) -> Any:
        target = read(self.target, figures)
        z, record, read_of = target.place(x, figures.frame)
        said = target.panel.predictions(key, read_of, target.values(z))
        return quantities(target, z, record), said, {"z": z}

    def _draws(self, x: Any, figures: Figures, seed: int) -> Draws:
        """Quantities and predictions of draws x [chain, draw, dim]."""
        shape, flat = x.shape[:2], x.reshape(-1, x.shape[-1])
        keys = jax.random.split(jax.random.key(seed), len(flat))
        with ThreadPoolExecutor(THREADS) as pool:
            made = pool.map(lambda i: self._all(flat[i], keys[i], figures), range(len(flat)))
            found = list(made)
        stacked = [
            {name: np.stack([one[part][name] for one in found]) for name in found[0][part]}
            for part in range(3)
        ]
        for part in stacked:
            for name, value in part.items():
                part[name] = value.reshape(*shape, *value.shape[1:])
        return Draws(stacked[2]["z"], {"lp": np.zeros(shape)}, stacked[0], stacked[1])
