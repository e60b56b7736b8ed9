"""Scores of vintages as `nostoi score` left them in its folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nostoi.base.errors import Finding, NostoiError
from nostoi.study.score import Mark

NAME = "scores.json"


@dataclass(frozen=True)
class Scored:
    """Scores and what they are of.

    Attributes:
        marks: of each forecaster, our own first.
        as_of: days of the vintages, ISO.
        quick: whether the fits were quick approximations.
    """

    marks: tuple[Mark, ...]
    as_of: tuple[str, ...]
    quick: bool


def write_scored(folder: Path, marks: Sequence[Mark], as_of: Sequence[str], quick: bool) -> None:
    """Leave the scores in a folder."""
    data = {"format": 1, "as_of": list(as_of), "quick": quick,
            "marks": [one.__dict__ for one in marks]}  # fmt: skip
    (folder / NAME).write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def scored(folder: Path | None) -> Scored | None:
    """The scores of a folder; None if no folder is given.

    Raises:
        NostoiError: N615 when the folder holds none.
    """
    if folder is None:
        return None
    try:
        data = json.loads((folder / NAME).read_text(encoding="utf-8"))
        marks = tuple(Mark(**one) for one in data["marks"])
        return Scored(marks, tuple(map(str, data["as_of"])), bool(data["quick"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        what, do = f"no scores can be read: {error}", "make them with `nostoi score ... -o FOLDER`"
        raise NostoiError(Finding(615, what, file=str(folder / NAME), do=do)) from error
