"""Simulation-based calibration of the inference on a small case: writes sbc.md.

    python verification/sbc.py FOLDER [--worlds 200]

Worlds are drawn from the prior of an invented case of two hosts (tests/cases/valid/small), figures
from each world, and each is sampled as by the default fit: mode, windows, chains (two chains of few
draws, curvature measured at the mode alone, no frame). If all is right, the rank of the truth among
the draws is uniform for every quantity (Talts et al. 2018). FOLDER keeps the ranks; a second call
goes on.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from scipy.stats import chi2

from nostoi.base.numerics import prepare
from nostoi.base.phases import RULES
from nostoi.case.load import load
from nostoi.infer.gradient import CompiledGradient, compile_gradient
from nostoi.infer.mode import find_mode
from nostoi.infer.model import CaseTarget, target_of
from nostoi.infer.sample import sample
from nostoi.infer.settings import Settings
from nostoi.observe.noise import interval_log_mass

ROOT = Path(__file__).resolve().parents[1]
CASE = ROOT / "tests" / "cases" / "valid" / "small"
TABLE = Path(__file__).with_suffix(".md")
THIN, KEPT, BINS, LEVEL = 8, 31, 8, 0.05
SETTINGS = Settings(chains=2, draws=THIN * KEPT // 2, chunk=1000)
HEAD = """# Simulation-based calibration

Written by `python verification/sbc.py FOLDER`: {n} worlds drawn from the prior of
`tests/cases/valid/small` ({dim} unknowns, {rows} figures), each sampled by two
chains in a space that windows before them learn, as in the default fit; {kept} draws kept of {all}.
Ranks of the truth in {bins} bins; p from the chi-squared test of a uniform histogram. Numbers that
the calendar of the case makes 0 are left out. With {m} quantities, uniform at the 5 % level after
Holm's correction: **{verdict}** (least corrected p {least:.2f}).

| quantity | histogram of ranks | p | corrected p |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Mock:
    """The target of the case with figures of an invented world, arguments and not built in.

    Attributes:
        inner: the case's own target.
        frame: ends of the figures on their scales, two arrays [row].
    """

    inner: CaseTarget
    frame: tuple[Any, Any]

    @property
    def dim(self) -> int:
        """Number of unknowns."""
        return self.inner.dim

    def log_density(self, z: Any) -> Any:
        """Log posterior density at z [dim]."""
        return self.log_density_in(z, self.frame)

    def log_density_in(self, z: Any, frame: Any) -> Any:
        """The same for given figures."""
        values = self.inner.values(z)
        read = self.inner.panel.read(self.inner.record(values))
        centre, width = self.inner.panel.centre_and_width(read, values)
        low, high = frame
        rows = interval_log_mass((low - centre) / width, (high - centre) / width)
        return rows.sum() - 0.5 * (z * z).sum()


def summary_of(inner: CaseTarget) -> Any:
    """Compiled function z [dim] -> reported quantities [quantity]."""

    def measured(z: Any) -> Any:
        record = inner.record(inner.values(z))
        event = inner.model.world.event
        return jnp.concatenate([
            record.leave[event:].sum()[None], record.again.sum()[None],
            record.abroad[-1, 0], record.returned[-1].sum(-1)[: len(RULES) - 1],
            z[jnp.array(HEADLINE_UNKNOWNS)],
        ])  # fmt: skip

    return jax.jit(measured)


HEADLINE_UNKNOWNS = (0, 1, 2)
"""The base rates of leaving, returning and moving on."""


def names_of(inner: CaseTarget) -> list[str]:
    """Names of the quantities of `summary_of`."""
    hosts = [f"abroad in {host}" for host in inner.model.world.hosts]
    labels = inner.pack.labels()
    return ["left since the event", "left again", *hosts,
            *(f"returned, {rule}" for rule in RULES[:-1]),
            *(labels[k] for k in HEADLINE_UNKNOWNS)]  # fmt: skip


def published(inner: CaseTarget, z: Any, key: Any) -> tuple[Any, Any]:
    """Figures of a world on their scales: the same widths of ranges as in the case."""
    values = inner.values(z)
    read = inner.panel.read(inner.record(values))
    centre, width = inner.panel.centre_and_width(read, values)
    spread = jnp.asarray(inner.panel.high - inner.panel.low)
    middle = centre + width * jax.random.t(key, 4.0, centre.shape)
    return middle - spread / 2, middle + spread / 2


def ranks(numbers: Sequence[int], folder: Path) -> Any:
    """Ranks of the truth, [world, quantity]; those of finished worlds are read."""
    inner = target_of(load(CASE))
    mock = Mock(inner, (np.asarray(inner.panel.low), np.asarray(inner.panel.high)))
    whole, measured = compile_gradient(mock), summary_of(inner)
    make = jax.jit(lambda z, key: published(inner, z, key))
    found = []
    for done, k in enumerate(numbers):
        path = folder / f"world-{k:04d}.npy"
        if not path.exists():
            key = jax.random.fold_in(jax.random.key(20220921), k)
            z = jax.random.normal(jax.random.fold_in(key, 0), (inner.dim,))
            figures = make(z, jax.random.fold_in(key, 1))
            one = replace(mock, frame=figures)
            draws = sampled(one, whole.framed(figures), k)
            truth = np.asarray(measured(z))
            said = np.stack([np.asarray(measured(x)) for x in draws])
            np.save(path, (said < truth).sum(0))
        found.append(np.load(path))
        sys.stderr.write(f"\r{done + 1} of {len(numbers)} worlds ")
    sys.stderr.write("\n")
    real = np.flatnonzero(np.asarray(measured(np.zeros(inner.dim))[: -len(HEADLINE_UNKNOWNS)]))
    real = np.append(real, np.arange(-len(HEADLINE_UNKNOWNS), 0))
    names = np.array(names_of(inner))[real]
    return np.stack(found)[:, real], list(names), inner


def sampled(mock: Mock, gradient: CompiledGradient, number: int) -> Any:
    """Thinned draws [draw, dim] of one world, by chains from its mode."""
    scatter = np.asarray(mock.inner.scatter)
    mode = find_mode(mock, gradient=gradient, held=scatter)
    with tempfile.TemporaryDirectory() as folder:
        rules = replace(SETTINGS, seed=number)
        held = sample(gradient, mode.whitening(), rules, Path(folder))
    return held.z.reshape(-1, held.z.shape[-1])[THIN - 1 :: THIN]


def holm(p: Any) -> Any:
    """Holm's corrected p-values, in the order given."""
    order = np.argsort(p)
    scaled = np.maximum.accumulate(p[order] * (len(p) - np.arange(len(p))))
    out = np.empty(len(p))
    out[order] = np.minimum(scaled, 1.0)
    return out


def uniformity(found: Any) -> tuple[Any, Any]:
    """Histogram [quantity, bin] and p of a uniform one, [quantity]."""
    bins = found * BINS // (KEPT + 1)
    counts = np.stack([np.bincount(column, minlength=BINS) for column in bins.T])
    expected = len(found) / BINS
    statistic = ((counts - expected) ** 2 / expected).sum(1)
    return counts, chi2.sf(statistic, BINS - 1)


def main(words: Sequence[str]) -> None:
    """Sample all worlds and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--worlds", type=int, default=200)
    given = parser.parse_args(words)
    prepare()
    given.folder.mkdir(parents=True, exist_ok=True)
    found, names, inner = ranks(range(given.worlds), given.folder)
    counts, p = uniformity(found)
    corrected = holm(p)
    lines = [
        f"| {name} | {' '.join(str(c) for c in row)} | {one:.3f} | {held:.2f} |"
        for name, row, one, held in zip(names, counts, p, corrected, strict=True)
    ]
    verdict = "yes" if corrected.min() > LEVEL else "no"
    head = HEAD.format(
        n=len(found), dim=inner.dim, rows=len(inner.panel.rows), kept=KEPT, all=KEPT * THIN,
        bins=BINS, m=len(names), verdict=verdict, least=corrected.min(),
    )  # fmt: skip
    TABLE.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
