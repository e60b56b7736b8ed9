"""All complaints about a case folder at once, and the account of its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nostoi.base.errors import Finding
from nostoi.case.assemble import assemble
from nostoi.case.case import Account, Case
from nostoi.case.checks_evidence import check_evidence
from nostoi.case.checks_facts import check_facts
from nostoi.case.checks_lives import check_lives
from nostoi.case.checks_money import check_money
from nostoi.case.checks_observers import check_observers
from nostoi.case.checks_scenarios import check_scenarios
from nostoi.case.checks_sites import check_sites
from nostoi.case.checks_ways import check_ways
from nostoi.case.checks_world import check_world
from nostoi.case.complaints import Complaints
from nostoi.case.gather import gather
from nostoi.case.parse import Parts, parse


@dataclass(frozen=True)
class Report:
    """What `check` found: all findings, and the account of the evidence if the case loads."""

    findings: tuple[Finding, ...]
    account: Account | None
    case: Case | None

    @property
    def ok(self) -> bool:
        """Whether the case loads (warnings do not stop it)."""
        return self.case is not None

    def as_dict(self) -> dict[str, Any]:
        """The report for a machine; the keys are stable (see docs/json-output.md)."""
        return {
            "format": 1,
            "ok": self.ok,
            "case": None if self.case is None else self.case.spec.name,
            "hash": None if self.case is None else self.case.hash,
            "findings": [finding.as_dict() for finding in self.findings],
            "account": None if self.account is None else self.account.as_dict(),
        }


def check(folder: Path | str, *, trust: bool = False) -> Report:
    """The report on a case folder; never raises for what is in it."""
    out = Complaints()
    parts = read_parts(Path(folder), out, trust=trust)
    spec = None if out.errors else parts.spec
    case = None if spec is None else assemble(Path(folder), parts, spec)
    account = None if case is None else case.evidence.account()
    return Report(out.in_order(), account, case)


def read_parts(folder: Path, out: Complaints, *, trust: bool = False) -> Parts:
    """The models of a folder after all checks; complaints go to `out`."""
    parts = parse(gather(folder, out, trust=trust), out)
    check_parts(parts, out)
    return parts


def check_parts(parts: Parts, out: Complaints) -> None:
    """Hold all parts of a case against each other; complaints go to `out`."""
    check_world(parts, out)
    check_money(parts, out)
    check_evidence(parts, out)
    check_observers(parts, out)
    check_facts(parts, out)
    check_ways(parts, out)
    check_sites(parts, out)
    check_lives(parts, out)
    check_scenarios(parts, out)
