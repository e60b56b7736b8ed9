"""All thresholds of the doctor, each with its reason; docs/doctor.md shows this table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from nostoi.infer.diagnostics import MAX_RHAT, MIN_EBFMI, MIN_ESS
from nostoi.infer.narrowed import PARTLY


class Limit(NamedTuple):
    """A threshold and why it is there."""

    value: float
    reason: str


LIMITS: Mapping[str, Limit] = {
    "rhat": Limit(MAX_RHAT, "as in fit.json: above it chains disagree by more than chance"),
    "ess": Limit(MIN_ESS, "as in fit.json: the error of a mean is then 5 % of its sd"),
    "ebfmi": Limit(MIN_EBFMI, "as in fit.json: below it chains are slow to reach the tails"),
    "divergences": Limit(0, "as in fit.json: each marks a place that chains may leave out"),
    "still": Limit(0.02, "longest stay of a chain over its draws; chance alone makes some 0.005"),
    "still_much": Limit(0.1, "a tenth of a chain is one place: its tails are not to be read"),
    "acceptance": Limit(0.15, "the cost of a draw changes little within 0.15 of the wanted rate"),
    "acceptance_low": Limit(0.3, "below it most paths are refused and chains stand still"),
    "prior": Limit(PARTLY, "as in the report: above it the evidence taught next to nothing"),
    "chance": Limit(0.01, "one false alarm in a hundred fits, shared among all publishers"),
    "outside": Limit(0.1, "by right one figure in ten lies outside its 90 % interval"),
    "far": Limit(3, "half widths; Student t with 4 degrees has 0.3 % beyond, 1 row in 330"),
    "bias": Limit(2.5, "prior sds; 1 publisher in 80 by chance"),
    "bias_much": Limit(3.5, "prior sds; 1 publisher in 2000 by chance"),
    "factor": Limit(1.5, "or 1 over it; a smaller error changes little that is quoted"),
    "factor_sure": Limit(2, "standard errors; 1 publisher in 22 by chance"),
    "factor_much": Limit(3, "standard errors; 1 publisher in 370 by chance"),
    "pull": Limit(1, "sds; two equal sources that differ by 2 standard errors pull by 1 each"),
    "pull_much": Limit(2, "sds; the same at 4 standard errors"),
    "pull_error": Limit(0.5, "error over pull; above it the pull may be Monte-Carlo noise"),
    "shift": Limit(2.5, "prior sds; 1 parameter in 80 by chance where the evidence settles it"),
    "apart": Limit(3, "standard errors of the gap; 1 parameter in 370 by chance"),
    "step": Limit(0.03, "log; less than any source of a flow knows"),
    "step_much": Limit(0.1, "log; a tenth of a headline number is an artefact of the clock"),
    "learned_enough": Limit(0.95, "posterior over prior sd; above it the likelihood says nothing"),
}  # fmt: skip


def limit(name: str) -> float:
    """A threshold by name."""
    return LIMITS[name].value
