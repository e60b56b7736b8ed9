"""Shelf: all that the page can be given, made once at the start; a request names no path.

Files of the bundle are read from the package into memory under fixed names, documents are made
from the fit, and both are kept compressed. Nothing that a request says reaches the file system.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from nostoi.base.errors import Finding, NostoiError
from nostoi.case.case import Case
from nostoi.present.caseview import view
from nostoi.present.disclosure import Gate
from nostoi.present.evidence import observed
from nostoi.present.page import answer, document
from nostoi.present.reading import read_fit
from nostoi.study.levers import read_levers
from nostoi.study.reweight import Rows, rows_of
from nostoi.study.warm import Warm, warm_up

KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}
LIVES = "lives/lives.json"
MOST_OFF = 100


class Thing(NamedTuple):
    """Bytes to send, compressed, and what they are."""

    body: bytes
    kind: str


def packed(data: Any) -> bytes:
    """JSON, compressed."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return gzip.compress(text.encode(), 5, mtime=0)


def bundle() -> dict[str, Thing]:
    """The built page by name of file.

    Raises:
        NostoiError: N729 when the package was installed without it.
    """
    folder = resources.files("nostoi.app.page").joinpath("static")
    found: dict[str, Thing] = {}
    for part in (folder, folder.joinpath("assets")):
        for item in part.iterdir() if part.is_dir() else ():
            kind = KINDS.get(Path(item.name).suffix)
            if kind and item.is_file():
                found[item.name] = Thing(gzip.compress(item.read_bytes(), 6, mtime=0), kind)
    if "index.html" not in found:
        what, do = "the built page is not in this installation", "install nostoi from a wheel"
        raise NostoiError(Finding(729, what, do=do))
    return found


@dataclass(frozen=True)
class Shelf:
    """What is served.

    Attributes:
        files: the bundle.
        documents: JSON by name.
        warm: the fit, ready for a what-if.
        rows: log likelihoods, for re-weighting.
    """

    case: Case
    shown: document.Shown
    files: dict[str, Thing]
    documents: dict[str, bytes]
    warm: Warm
    rows: Rows

    def what_if(self, asked: Any) -> tuple[str, Callable[[], bytes]]:
        """Key of a question, and the work that answers it.

        Raises:
            NostoiError: N722 for a setting that does not fit.
        """
        levers = read_levers(asked, self.case, self.warm.span)
        m = self.shown

        def work() -> bytes:
            found = self.warm.run(levers)
            made = answer.answer(self.warm, self.case, found, m.case, m.gate)
            return packed({"ok": True, **made})

        return "what-if " + levers.model_dump_json(), work

    def reweight(self, asked: Any) -> tuple[str, Callable[[], bytes]]:
        """Key of a question for the answer without some publishers, and its work.

        Raises:
            NostoiError: N723 for anything but a list of known publishers.
        """
        off = asked.get("off") if isinstance(asked, dict) else None
        good = isinstance(off, list) and len(off) <= MOST_OFF
        if not good or not all(isinstance(one, str) for one in off or ()):
            do = 'send {"off": ["publisher", ...]}'
            raise NostoiError(Finding(723, "no list of publishers", do=do))
        names = sorted(set(off or ()))
        self.rows.without(names)
        m = self.shown

        def work() -> bytes:
            made = answer.reweighted(m.fit, self.rows, names, m.case, m.gate)
            return packed({"ok": True, **made})

        return "reweight " + json.dumps(names), work


def stock(case: Case, fit: Path, draws: int, hear: Callable[[int, int], None]) -> Shelf:
    """Read a fit and make everything that can be made beforehand.

    Raises:
        NostoiError: N512, N701, N702 for a fit that cannot serve; N729 without a bundle.
    """
    files = bundle()
    found, seen = read_fit(fit), view(case)
    gate = Gate(seen.threshold, seen.round_to)
    m = document.Shown(found, seen, gate, observed(found, seen))
    warm = warm_up(case, fit, draws, hear=hear)
    made = {
        "summary": document.summary(m),
        "charts": document.charts(m),
        "world": document.world(m),
        "evidence": document.evidence(m),
        "glossary": document.glossary(m),
        "levers": document.levers(case, seen, warm.span, draws),
        "base": answer.base(warm, seen, gate),
        "lives": document.lives(_lives(fit, case), seen),
    }
    documents = {name: packed(data) for name, data in made.items()}
    return Shelf(case, m, files, documents, warm, rows_of(fit))


def _lives(fit: Path, case: Case) -> dict[str, Any] | None:
    """Lives that `nostoi lives` left beside the fit; None without, or of another case."""
    try:
        found = json.loads((fit / LIVES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    mine = isinstance(found, dict) and found.get("case_hash") == case.hash
    return found if mine else None
