"""The default path of inference against exact posteriors: writes closed_forms.md.

    python verification/closed_forms.py

Mode, whitening and chains as in a fit, on targets whose posterior is known: border counts with a
Gamma prior, a linear case that the Kalman smoother solves, a hidden population met by two lists.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np
from scipy.special import digamma, polygamma

from nostoi.base.numerics import prepare
from nostoi.infer.diagnostics import measure
from nostoi.infer.gradient import compile_gradient
from nostoi.infer.kalman import kalman_smooth, local_level
from nostoi.infer.mode import find_mode
from nostoi.infer.sample import sample
from nostoi.infer.settings import Settings

TABLE = Path(__file__).with_suffix(".md")
SETTINGS = Settings(chains=4, draws=1500, seed=3)
HEAD = """# Exact posteriors

Written by `python verification/closed_forms.py`: {chains} chains of {draws} draws by the path of a
fit (mode, whitening, windows, chains). "Errors" is how many Monte-Carlo standard errors the
estimate lies from the exact value; of {n} comparisons {beyond} lie beyond 3 (chance: {chance:.1f}).

| target | quantity | exact mean | found | errors | exact sd | found | errors | R-hat |
|---|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Crossings:
    """Poisson counts of crossings with a Gamma(a, b) rate per day; unknown: log rate."""

    a: float = 2.0
    b: float = 0.05
    counted: tuple[int, ...] = (3, 99, 4000)
    days: float = 7.0

    @property
    def dim(self) -> int:
        """Number of rates."""
        return len(self.counted)

    def log_density(self, z: Any) -> Any:
        """Log posterior of the log rates."""
        shape = self.a + jnp.array(self.counted, float)
        return jnp.sum(shape * z - (self.b + self.days) * jnp.exp(z))

    def exact(self) -> list[tuple[str, float, float]]:
        """Mean and sd of each log rate."""
        shapes = [self.a + n for n in self.counted]
        return [
            (f"log rate, {n} counted", float(digamma(s) - np.log(self.b + self.days)),
             float(np.sqrt(polygamma(1, s))))
            for n, s in zip(self.counted, shapes, strict=True)
        ]  # fmt: skip


@dataclass(frozen=True)
class Walk:
    """A level that drifts and is measured with noise: a linear case; unknown: scaled increments."""

    noise: float = 1.5
    drift: float = 0.4
    wide: float = 5.0
    n: int = 40

    @property
    def dim(self) -> int:
        """Number of increments."""
        return self.n

    @property
    def seen(self) -> Any:
        """Invented measurements, [time]."""
        rng = np.random.default_rng(12)
        level = np.cumsum(self.drift * rng.standard_normal(self.n))
        return level + self.noise * rng.standard_normal(self.n)

    def level(self, z: Any) -> Any:
        """The level, [time]."""
        scale = jnp.concatenate([jnp.array([self.wide]), jnp.full(self.n - 1, self.drift)])
        return jnp.cumsum(scale * z, -1)

    def log_density(self, z: Any) -> Any:
        """Log posterior of the increments."""
        gap = (jnp.asarray(self.seen) - self.level(z)) / self.noise
        return -0.5 * (gap @ gap + z @ z)

    def exact(self) -> list[tuple[str, float, float]]:
        """Mean and sd of the level at four times, from the Kalman smoother."""
        model = local_level(self.noise**2, self.drift**2, 0.0, wide=self.wide**2)
        mean, cov = kalman_smooth(model, self.seen[:, None])
        return [(f"level at {t}", float(mean[t, 0]), float(np.sqrt(cov[t, 0, 0])))
                for t in self.times]  # fmt: skip

    @property
    def times(self) -> tuple[int, ...]:
        """Times that are compared."""
        return (0, 13, 26, self.n - 1)


@dataclass(frozen=True)
class Lists:
    """A hidden population met by two independent lists: on both, on one, on the other.

    Each cell is Poisson with a Gamma(a, b) prior; unseen are N10 N01 / N11.
    """

    a: float = 1.0
    b: float = 0.001
    both: int = 40
    first: int = 160
    second: int = 90

    @property
    def dim(self) -> int:
        """Number of cells."""
        return 3

    def shapes(self) -> Any:
        """Shapes of the Gamma posteriors, [cell]."""
        return self.a + np.array([self.both, self.first, self.second], float)

    def log_density(self, z: Any) -> Any:
        """Log posterior of the log cells."""
        return jnp.sum(self.shapes() * z - (self.b + 1.0) * jnp.exp(z))

    def exact(self) -> list[tuple[str, float, float]]:
        """Mean and sd of the log of those unseen."""
        s, sign = self.shapes(), np.array([-1.0, 1.0, 1.0])
        mean = float(sign @ (digamma(s) - np.log(self.b + 1.0)))
        return [("log of the unseen", mean, float(np.sqrt(polygamma(1, s).sum())))]


def compared(name: str, target: Any, shown: Callable[[Any], Any]) -> list[list[str | float]]:
    """One row per quantity: exact and found mean and sd, with their errors."""
    shape = find_mode(target).whitening()
    with tempfile.TemporaryDirectory() as folder:
        held = sample(compile_gradient(target), shape, SETTINGS, Path(folder))
    draws = shown(held.z)
    found, rows = measure(draws), []
    for k, (what, mean, sd) in enumerate(target.exact()):
        one = draws[..., k]
        ess = float(found.ess_bulk[k])
        gap_mean = (one.mean() - mean) / (sd / np.sqrt(ess))
        squares = measure(((one - mean) ** 2)[..., None])
        kurtosis = float(np.mean((one - mean) ** 4)) / sd**4
        error = sd * np.sqrt(max(kurtosis - 1, 0.1) / float(squares.ess_bulk[0])) / 2
        gap_sd = (np.sqrt(np.mean((one - mean) ** 2)) - sd) / error
        rows.append([name, what, mean, float(one.mean()), float(gap_mean), sd, float(one.std()),
                     float(gap_sd), float(found.rhat[k])])  # fmt: skip
    return rows


def main() -> None:
    """Sample all targets and write the table."""
    prepare()
    walk = Walk()
    rows = [
        *compared("crossings, Gamma prior", Crossings(), lambda z: z),
        *compared("linear case", walk, lambda z: np.asarray(walk.level(z))[..., list(walk.times)]),
        *compared("two lists", Lists(), lambda z: (z @ np.array([-1.0, 1.0, 1.0]))[..., None]),
    ]
    gaps = [abs(float(row[k])) for row in rows for k in (4, 7)]
    beyond = sum(gap > 3 for gap in gaps)
    head = HEAD.format(chains=SETTINGS.chains, draws=SETTINGS.draws, n=len(gaps), beyond=beyond,
                       chance=0.0027 * len(gaps))  # fmt: skip
    body = "\n".join(
        f"| {a} | {b} | {c:.4f} | {d:.4f} | {e:+.1f} | {f:.4f} | {g:.4f} | {h:+.1f} | {r:.4f} |"
        for a, b, c, d, e, f, g, h, r in rows
    )
    TABLE.write_text(head + body + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
