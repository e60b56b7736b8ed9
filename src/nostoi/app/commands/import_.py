"""``nostoi import``: a folder of another program becomes a case."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

import typer

from nostoi.app.screen import say, say_error, say_json

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def import_(
    program: Annotated[Literal["flee"], typer.Argument(help="Whose folder it is.")],
    folder: Annotated[Path, typer.Argument(help="The folder, such as one of Flee's conflicts.")],
    case: Annotated[Path, typer.Argument(help="The case folder to make.")],
    mend: Annotated[
        bool,
        typer.Option("--mend", help="Mend and list what can be read in one way only, do not stop."),
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at every defect, also where it moves nobody.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")] = False,
) -> None:
    """Turn a folder of another program (flee) into a case; say every defect of it."""
    from nostoi.app.folders import refuse_existing, write_folder
    from nostoi.base.errors import Finding, NostoiError, as_text
    from nostoi.case.flee.read import MENDABLE, read_flee
    from nostoi.case.flee.to_case import case_files

    name = case.resolve().name
    if not _SLUG.fullmatch(name):
        do = "use small letters, digits and hyphens, such as mali-2012"
        raise NostoiError(Finding(802, f"{name!r} is no name for a case", do=do))
    refuse_existing(case)
    found, findings = read_flee(folder, mend)
    stopped = found is None or (strict and bool(findings))
    if found is not None and not stopped:
        write_folder(case, case_files(found, name))
    if as_json:
        listed = [finding.as_dict() for finding in findings]
        made = None if stopped else str(case)
        say_json({"format": 1, "ok": not stopped, "case": made, "findings": listed})
    elif findings:
        say_error(as_text(findings))
    if stopped:
        grave = {finding.number for finding in findings if finding.severity == "error"}
        if grave and grave <= MENDABLE and not as_json:
            say_error("Nothing was written. Each of these has one reading: --mend takes it.")
        raise typer.Exit(2)
    if found is not None and not as_json:
        roads, camps = len(found.links), len(found.camps)
        say(
            f"Made {case}: {len(found.locations)} places, {roads} roads, {camps} camps,"
            f" {found.length} days from {found.start}; {len(findings)} findings."
            f" Next: nostoi check {case}"
        )
