"""``nostoi export``: a case as a folder of another program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from nostoi.app.screen import say


def export(
    program: Annotated[Literal["flee"], typer.Argument(help="Whose folder to write.")],
    case: Annotated[Path, typer.Argument(help="The case folder, with sites.csv.")],
    folder: Annotated[Path, typer.Argument(help="The folder to make.")],
) -> None:
    """Write a case as a folder of another program (flee)."""
    from nostoi.app.folders import refuse_existing, write_folder
    from nostoi.case.flee.from_case import flee_folder
    from nostoi.case.flee.write import flee_files
    from nostoi.case.load import load
    from nostoi.case.space import space_of

    refuse_existing(folder)
    read = load(case)
    space_of(read)
    files = flee_files(flee_folder(read))
    write_folder(folder, files)
    say(f"Made {folder} with {len(files)} files.")
