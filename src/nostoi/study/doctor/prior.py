"""Prior-data conflict: parameters that the evidence drives far out, or against their prior."""

from __future__ import annotations

from nostoi.study.doctor.finding import FitFinding
from nostoi.study.doctor.limits import limit
from nostoi.study.doctor.unknowns import Unknown


def prior_conflict(unknowns: tuple[Unknown, ...]) -> list[FitFinding]:
    """Findings 681 and 682, the worst first; biases are judged with their publishers."""
    far, apart = [], []
    for one in unknowns:
        if one.name.endswith(".bias"):
            continue
        facts = {"mean": one.mean, "narrowed": one.narrowed}
        if abs(one.mean) > limit("shift"):
            far.append(FitFinding(681, True, one.label, abs(one.mean), limit("shift"), facts))
        elif one.narrowed < limit("learned_enough") and one.conflict > limit("apart"):
            apart.append(FitFinding(682, False, one.label, one.conflict, limit("apart"), facts))
    return sorted(far, key=lambda f: -f.measure) + sorted(apart, key=lambda f: -f.measure)
