"""Time of a gradient of a case: plain cohort engine against the fused loops, in one run.

    python benchmarks/gradient.py [CASE] [--repeat N]

Prints medians and their ratio; the two take turns, so that a busy machine disturbs both alike.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nostoi.base.numerics import prepare

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Runs the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", nargs="?", default=str(ROOT / "cases" / "russia-2022"))
    parser.add_argument("--repeat", type=int, default=40)
    given = parser.parse_args()
    prepare()
    import jax
    import numpy as np

    from nostoi.case.load import load
    from nostoi.engine import cohorts
    from nostoi.engine.fused import run as fused
    from nostoi.infer.model import target_of

    target = target_of(load(Path(given.case)))
    z = 0.1 * np.random.default_rng(1).normal(size=target.dim)

    def density(run: Callable[..., Any]) -> Any:
        def of(z: Any) -> Any:
            values = target.values(z)
            record = run(target.model, values)
            return target.panel.loglik(record, values).sum() - 0.5 * (z * z).sum()

        return jax.jit(jax.value_and_grad(of))

    ways = {"plain": density(cohorts.run), "fused": density(fused.run)}
    values = {name: float(way(z)[0]) for name, way in ways.items()}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(given.repeat):
        for name, way in ways.items():
            start = time.perf_counter()
            jax.block_until_ready(way(z))
            times[name].append(time.perf_counter() - start)
    middle = {name: 1e3 * statistics.median(found) for name, found in times.items()}
    for name, found in middle.items():
        print(f"{name}: {found:.2f} ms a gradient, log density {values[name]:.6f}")
    print(f"ratio: {middle['plain'] / middle['fused']:.2f}")


if __name__ == "__main__":
    main()
