"""``nostoi lives``: how likely a told life is, synthetic lives near it, and what changes them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nostoi.app.screen import say, say_json


def lives(
    folder: Annotated[Path, typer.Argument(help="The case folder.")],
    like: Annotated[
        str, typer.Option(help="The life to look for: a name in lives/ of the case, or a file.")
    ],
    people: Annotated[
        int | None,
        typer.Option(min=1, help="Synthetic people; one per person by default; more in runs."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Seed; the case's own by default.")
    ] = None,
    nearest: Annotated[int, typer.Option(min=1, max=20, help="Lives to print.")] = 3,
    posterior: Annotated[
        Path | None, typer.Option(help="Fit folder: a draw for each run; prior medians by default.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Folder for lives.md and lives.json.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")] = False,
) -> None:
    """Simulate, search and read synthetic lives."""
    from rich.console import Console

    from nostoi.case.asked import load_asked

    case, told = load_asked(folder, like)
    from nostoi.base.numerics import prepare

    prepare()
    from nostoi.present.lives import Page
    from nostoi.present.lives_data import as_data
    from nostoi.present.lives_files import write_lives
    from nostoi.study.lives import find_lives, parameters_of, search_of

    seed = case.spec.seed if seed is None else seed
    search = search_of(case, people, seed, nearest)
    values, parameters = parameters_of(case, posterior, search)
    console = Console(stderr=True)
    found = find_lives(case, told, search, values, lambda stage: console.print(f"{stage} ..."))
    page = Page(case, found, seed, parameters)
    paths = [] if out is None else write_lives(out, page)
    if as_json:
        say_json({"format": 1, "ok": True, "files": [str(p) for p in paths], **as_data(page)})
    else:
        say(Page(case, found, seed, parameters, brief=True).text())
        for path in paths:
            say(str(path))
