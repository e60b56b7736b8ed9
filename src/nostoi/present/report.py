"""The report: one HTML page without a network, its figures, their data, and the draws.

Everything is made in memory first, then written to a temporary folder beside the target, which is
renamed at the end: a reader finds a whole report or none.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

from nostoi import __version__
from nostoi.base.errors import Finding, NostoiError
from nostoi.present import headline, markdown
from nostoi.present.caseview import CaseView, view
from nostoi.present.disclosure import Gate, Released
from nostoi.present.evidence import observed
from nostoi.present.export import stamped, write_csv, write_figure
from nostoi.present.reading import Fit, read_fit
from nostoi.present.scored import Scored, scored
from nostoi.present.sections import Material, Section, sections
from nostoi.present.strings import section, text
from nostoi.present.tables_fit import vintages

MARKER = "report.html"


@dataclass(frozen=True)
class ReportPaths:
    """What a report consists of.

    Attributes:
        figures: one SVG per figure; CSV and meta data lie beside it under the same name.
    """

    folder: Path
    html: Path
    headline: Path
    posterior: Path | None
    figures: tuple[Path, ...]


def write_report(
    fit: Path, out: Path, *, trust: bool = False, draws: bool = False, scores: Path | None = None
) -> ReportPaths:
    """Write the report of a fit.

    Args:
        fit: the fit folder (fit.json, posterior.nc, and facts.json if there is one).
        out: the folder to write; an earlier report there is replaced, anything else is refused.
        trust: the case may bring its own rules.py.
        draws: copy posterior.nc too, whose draws pass no disclosure control; the files say so.

    Raises:
        NostoiError: N701 or N702, the fit is incomplete; N703, the boundaries are unreadable;
            N704, `out` holds something that is not a report; and what loading the case raises.
    """
    from nostoi.case.load import load

    found = read_fit(fit)
    case = load(_case_folder(fit, found), trust=trust)
    return build(found, view(case), out, draws, scored(scores))


def _case_folder(fit: Path, found: Fit) -> Path:
    """The case's folder: as the fit says, or seen from the fit folder."""
    said = Path(str(found.meta.get("case_folder", "")))
    return said if said.exists() or said.is_absolute() else fit / said


def build(
    fit: Fit, case: CaseView, out: Path, draws: bool = False, scores: Scored | None = None
) -> ReportPaths:
    """Write the report of a fit and a case that have been read; see `write_report`."""
    refuse_foreign(out)
    gate = Gate(case.threshold, case.round_to)
    seen = observed(fit, case)
    stamp = text(f"stamp.{fit.stamp}") if fit.stamp else ""
    parts = [
        replace(part, figures=[stamped(figure, stamp) for figure in part.figures])
        for part in sections(Material(fit, case, gate, seen, scores))
    ]
    cards = headline.cards(fit, case, gate)
    page = _page(fit, case, {
        "stamp": stamp, "sections": parts, "cards": cards,
        "rules": headline.by_rule(fit, gate),
        "sentences": headline.sentences(fit, case, cards, seen),
    })  # fmt: skip
    with whole(out) as folder:
        _write(folder, page, fit, case, parts, headline.released(cards, gate), draws)
    return _paths(out)


def _page(fit: Fit, case: CaseView, made: dict[str, Any]) -> str:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    env = Environment(
        loader=PackageLoader("nostoi.present"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = resources.files("nostoi.present").joinpath("templates/style.css")
    long = text(f"stamp.{fit.stamp}_long") if fit.stamp else ""
    fill = {"threshold": f"{case.threshold:.0f}", "round_to": f"{case.round_to:.0f}"}
    return env.get_template("report.html.j2").render(
        **made,
        case=case,
        words=section("page"),
        style=style.read_text(encoding="utf-8"),
        stamp_long=long,
        changed=bool(case.hash) and case.hash != _hash(fit),
        reasons=list(fit.meta.get("diagnostics", {}).get("reasons", [])),
        limits=markdown.first_items(case.limits) or [text("page.limits_none")],
        notes=[text("interval_note"), text("dagger_note"), text("withheld_note", **fill)],
        end=fit.dates[-1],
        vintages=vintages(case),
        footer=text("page.footer", version=__version__, case=case.name, hash=_hash(fit)[:12]),
    )


def _hash(fit: Fit) -> str:
    return str(fit.meta.get("case_hash", ""))


def _write(
    folder: Path,
    page: str,
    fit: Fit,
    case: CaseView,
    parts: list[Section],
    numbers: Released,
    draws: bool,
) -> None:
    meta = {
        "case": case.name,
        "case_hash": _hash(fit),
        "nostoi": __version__,
        "vintages": vintages(case),
        "stamp": fit.stamp,
    }
    meta |= {"override": text("notes.draws")} if draws else {}
    figures = folder / "figures"
    figures.mkdir()
    for part in parts:
        for figure in part.figures:
            write_figure(figures, figure, {"definition": part.intro, **meta})
    write_csv(folder / "headline.csv", numbers, meta)
    (folder / MARKER).write_text(page, encoding="utf-8")
    if draws:
        shutil.copyfile(fit.posterior, folder / "posterior.nc")


def refuse_foreign(out: Path) -> None:
    """Refuse to replace a folder that holds something else than a report.

    Raises:
        NostoiError: N704.
    """
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    if not (out / MARKER).is_file():
        what = f"{out.name} exists and is not a report"
        do = "give another folder with -o, or move this one away"
        raise NostoiError(Finding(704, what, file=str(out), do=do))


@contextmanager
def whole(out: Path) -> Iterator[Path]:
    """A temporary folder that becomes `out` when all went well, and vanishes when not."""
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    old = temporary.with_name(temporary.name + "-old")
    try:
        yield temporary
        temporary.chmod(0o755)
        if out.exists():
            os.replace(out, old)
        _into_place(temporary, out, old)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _into_place(temporary: Path, out: Path, old: Path) -> None:
    try:
        os.replace(temporary, out)
    except OSError:
        if old.exists():
            os.replace(old, out)
        raise


def _paths(out: Path) -> ReportPaths:
    figures = tuple(sorted((out / "figures").glob("*.svg")))
    draws = out / "posterior.nc"
    copied = draws if draws.exists() else None
    return ReportPaths(out, out / MARKER, out / "headline.csv", copied, figures)
