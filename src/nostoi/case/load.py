"""Reading a case: the folder in, a `Case` or all complaints at once out."""

from __future__ import annotations

from pathlib import Path

from nostoi.base.errors import NostoiError
from nostoi.case.case import Case
from nostoi.case.check import check


def load(folder: Path | str, *, trust: bool = False) -> Case:
    """The resolved case in `folder`.

    A case may bring its own `rules.py`; code runs only if the caller says `trust`. Raises
    `NostoiError` with every finding if anything is wrong; warnings alone do not stop it.
    """
    report = check(folder, trust=trust)
    if report.case is None:
        raise NostoiError(*(f for f in report.findings if f.severity == "error"))
    return report.case
