"""Reading a case: the folder in, a `Case` or all complaints at once out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nostoi.base.errors import NostoiError
from nostoi.case.assemble import assemble
from nostoi.case.case import Case
from nostoi.case.check import check, check_parts
from nostoi.case.complaints import Complaints
from nostoi.case.gather import Reading
from nostoi.case.parse import parse


def load(folder: Path | str, *, trust: bool = False) -> Case:
    """The resolved case in `folder`.

    A case may bring its own `rules.py`; code runs only if the caller says `trust`. Raises
    `NostoiError` with every finding if anything is wrong; warnings alone do not stop it.
    """
    report = check(folder, trust=trust)
    if report.case is None:
        raise NostoiError(*(f for f in report.findings if f.severity == "error"))
    return report.case


def changed(case: Case, full: dict[str, Any]) -> Case:
    """The case with another full form, as a scenario needs it, checked like a folder.

    `full` is a changed copy of `case.full`. Raises `NostoiError` with every finding; their rows
    are those of the full form (the header is line 1).
    """
    out = Complaints()
    parts = parse(Reading(short=full, limits=case.limits, code=case.code), out)
    check_parts(parts, out)
    if out.errors or parts.spec is None:
        raise NostoiError(*out.errors)
    return assemble(case.folder, parts, parts.spec)
