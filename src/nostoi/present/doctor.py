"""Findings of the doctor in words, and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nostoi.base.errors import catalogue
from nostoi.present.strings import text
from nostoi.study.doctor.finding import FitFinding

FEW = 8
"""Names listed in one finding."""


def as_dict(finding: FitFinding) -> dict[str, Any]:
    """A finding for a machine; the keys are stable (see docs/json-output.md)."""
    entry = catalogue()[finding.number]
    return {
        "number": finding.number,
        "title": entry.title,
        "severity": "serious" if finding.serious else "mild",
        "where": finding.where,
        "what": what(finding),
        "measure": finding.measure,
        "limit": finding.limit,
        "do": entry.remedy,
    }


def what(finding: FitFinding) -> str:
    """What was found and how bad it is, in one sentence."""
    facts = dict(finding.facts)
    if "names" in facts:
        facts["names"] = _some(facts["names"])
    key = f"doctor.{finding.number}"
    return text(key, measure=finding.measure, limit=_plain(finding.limit), **facts)


def _plain(value: float) -> float:
    return int(value) if float(value).is_integer() else value


def _some(names: Any) -> str:
    listed = [str(name) for name in names]
    more = f" and {len(listed) - FEW} more" if len(listed) > FEW else ""
    return ", ".join(listed[:FEW]) + more


def as_text(findings: Sequence[FitFinding]) -> str:
    """All findings for a reader: the serious ones first, what to do once per number."""
    if not findings:
        return text("doctor.none")
    serious = sum(finding.serious for finding in findings)
    lines = [text("doctor.head", serious=serious, mild=len(findings) - serious)]
    order = sorted({(not _any_serious(findings, f.number), f.number) for f in findings})
    for _, number in order:
        entry = catalogue()[number]
        lines += ["", f"N{number} {entry.title}"]
        for finding in findings:
            if finding.number == number:
                word = "SERIOUS" if finding.serious else "mild"
                lines.append(f"  {word:8s}{finding.where}: {what(finding)}")
        lines.append(f"  do:     {entry.remedy}")
    return "\n".join(lines)


def _any_serious(findings: Sequence[FitFinding], number: int) -> bool:
    return any(finding.serious for finding in findings if finding.number == number)
