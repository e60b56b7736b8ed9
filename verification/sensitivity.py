"""Which publisher carries which number, and how much the priors do: writes sensitivity.md.

    python verification/sensitivity.py FIT [--refit FOLDER]

Publishers are left out one by one by weighting the draws of the fit. Where the weights cannot be
trusted (k-hat above 0.7) and `--refit` names a folder, the case is fitted anew without them, by the
quick approximation, and held against a quick fit with all; finished fits there are kept.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from nostoi.app.fitted import case_of_fit
from nostoi.base.numerics import prepare
from nostoi.case.case import Case
from nostoi.infer.fit import fit as run_fit
from nostoi.infer.settings import Settings
from nostoi.study.reweight import SCALE, Rows, Weights, rows_of

TABLE = Path(__file__).with_suffix(".md")
FIGURES = (
    ("left", "left_since_event", None), ("abroad", "abroad_end", "any"),
    ("back", "returned_end", "any"), ("back, 3m", "returned_end", "3m"),
    ("back, 6m", "returned_end", "6m"), ("share back", "returned_share_end", "any"),
)  # fmt: skip
SLOPE = 0.05
"""Slope of a cumulative distance above which Kallioinen et al. call a figure sensitive."""


def figures(fit: Path) -> Any:
    """Headline numbers, [draw, figure]."""
    with xr.open_dataset(fit / "posterior.nc", group="quantities", engine="h5netcdf") as opened:
        found = [opened[name] if rule is None else opened[name].sel(rule=rule)
                 for _, name, rule in FIGURES]  # fmt: skip
        return np.stack([np.ravel(one.transpose("chain", "draw").values) for one in found], -1)


def shifts(draws: Any, share: Any) -> Any:
    """Change of each figure's mean under weights, in its posterior sd; [figure]."""
    return (share @ draws - draws.mean(0)) / draws.std(0)


def distance(draws: Any, share: Any) -> Any:
    """Cumulative Jensen-Shannon distance of weighted from unweighted draws (0..1); [figure]."""
    found = []
    for column in draws.T:
        order = np.argsort(column)
        width = np.diff(column[order])
        p = np.arange(1, len(column)) / len(column)
        q = np.cumsum(share[order])[:-1]
        total = sum(_divergence(a, b, width) for a, b in ((p, q), (1 - p, 1 - q)))
        bound = float(np.sum((p + q) * width) + np.sum((2 - p - q) * width)) / 2
        found.append(np.sqrt(max(total, 0.0) / max(bound, 1e-300)))
    return np.array(found)


def _divergence(p: Any, q: Any, width: Any) -> float:
    """Cumulative Jensen-Shannon divergence of two distribution functions, in bits."""
    middle = (p + q) / 2
    parts = [_relative(one, middle) for one in (p, q)]
    return float(np.sum(width * (parts[0] + parts[1]))) / 2


def _relative(p: Any, m: Any) -> Any:
    safe = np.clip(p, 1e-300, None)
    ratio = np.where(p > 0, p * np.log2(safe / np.clip(m, 1e-300, None)), 0.0)
    return ratio + (m - p) / np.log(2)


def powers(rows: Rows, draws: Any) -> Iterator[str]:
    """Sensitivity of each figure to the power of prior and likelihood."""
    up, down = 2.0**SCALE, 2.0**-SCALE
    for name, kind in (("prior", "prior"), ("likelihood", "likelihood")):
        pair = [rows.powered(**{kind: power}) for power in (down, up)]
        slope = sum(distance(draws, one.share) for one in pair) / (2 * SCALE)
        moved = shifts(draws, pair[1].share) - shifts(draws, pair[0].share)
        worst = max(one.khat for one in pair)
        cells = " | ".join(f"{s:.2f} ({m:+.2f})" for s, m in zip(slope, moved, strict=True))
        yield f"| {name} | {cells} | {worst:.2f} |"


def without(case: Case, publisher: str, folder: Path) -> Path:
    """A copy of the case in which nothing that a publisher said is used."""
    copy = folder / "cases" / publisher / case.folder.name
    if not copy.exists():
        shutil.copytree(case.folder, copy)
    (copy / "facts.yaml").unlink(missing_ok=True)  # facts name rows that are no longer used
    path = copy / "evidence" / "observations.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["publisher"] == publisher and row["observer"]:
            row |= {"observer": "", "reason": "left out to see what it carries"}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return copy


def quick(case: Path, out: Path) -> Any:
    """Headline numbers of a quick fit, made if it is not there."""
    if not (out / "posterior.nc").exists():
        run_fit(case, out, Settings(seed=1), quick=True)
    return figures(out)


def publishers(case: Case, rows: Rows, draws: Any, refit: Path | None) -> Iterator[str]:
    """One line per publisher, the one that moves most first."""
    names = sorted(set(rows.publishers))
    found: list[tuple[float, str]] = []
    base = None if refit is None else quick(case.folder, refit / "all")
    for k, name in enumerate(names):
        weights = rows.without([name])
        how, moved, trusted = _moved(case, name, (weights, draws), refit, base)
        sys.stderr.write(f"\r{k + 1} of {len(names)}: {name:20s}")
        cells = " | ".join(f"{m:+.2f}" if trusted else "?" for m in moved)
        count = rows.publishers.count(name)
        said = case.evidence.sources[name].name
        line = f"| {said} | {count} | {cells} | {weights.khat:.2f} | {how} |"
        found.append((float(np.abs(moved).max()) if trusted else -1.0, line))
    sys.stderr.write("\n")
    yield from (line for _, line in sorted(found, key=lambda one: -one[0]))


def _moved(
    case: Case, name: str, weighted: tuple[Weights, Any], refit: Path | None, base: Any
) -> tuple[str, Any, bool]:
    weights, draws = weighted
    if weights.trusted or refit is None:
        return "weights", shifts(draws, weights.share), weights.trusted
    other = quick(without(case, name, refit), refit / name)
    return "quick fits", (other.mean(0) - base.mean(0)) / base.std(0), True


def main(words: Sequence[str]) -> None:
    """Measure and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fit", type=Path)
    parser.add_argument("--refit", type=Path)
    given = parser.parse_args(words)
    prepare()
    case, rows, draws = case_of_fit(given.fit), rows_of(given.fit), figures(given.fit)
    head = " | ".join(name for name, _, _ in FIGURES)
    rule = "|---" * (len(FIGURES) + 4) + "|"
    more = " --refit FOLDER" if given.refit else ""
    lines = [
        "# Which source carries which number",
        "",
        f"Written by `python verification/sensitivity.py FIT{more}` from {len(draws)} draws of a "
        f"fit of {case.spec.name}, case {case.hash[:12]}.",
        "",
        "## Powers of prior and likelihood",
        "",
        "Slope of the cumulative Jensen-Shannon distance as the power moves on the log2 scale "
        f"(above {SLOPE} a figure is sensitive: Kallioinen et al. 2024), and in brackets how many "
        f"posterior sds the mean moves from the power {2**-SCALE:.2f} to {2**SCALE:.2f}.",
        "",
        f"| power of | {head} | k-hat |",
        "|---" * (len(FIGURES) + 2) + "|",
        *powers(rows, draws),
        "",
        "## One publisher left out",
        "",
        "How many posterior sds the mean moves without the publisher. `weights`: draws weighted; "
        "`quick fits`: two quick fits compared, where k-hat is above 0.7 (approximate); `?`: above "
        "0.7 and not fitted anew.",
        "",
        f"| publisher | rows | {head} | k-hat | by |",
        rule,
        *publishers(case, rows, draws, given.refit),
        "",
    ]
    TABLE.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
