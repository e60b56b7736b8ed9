"""``nostoi new``: a small case that passes `nostoi check`, with comments that teach."""

from __future__ import annotations

import re
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer

from nostoi.app.screen import say
from nostoi.base.errors import Finding, NostoiError

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_STAND_IN = "starter-case"


def new(
    name: Annotated[str, typer.Argument(help="Small letters, digits and hyphens.")],
    folder: Annotated[Path, typer.Option(help="Where the case folder is made.")] = Path(),
) -> None:
    """Make a small case to start from."""
    if not _SLUG.fullmatch(name):
        do = "use small letters, digits and hyphens, such as exodus-2030"
        raise NostoiError(Finding(802, "this is no name for a case", do=do))
    target = folder / name
    if target.exists() or target.is_symlink():
        do = "choose another name, or remove the folder first"
        raise NostoiError(Finding(801, "the folder exists", file=str(target), do=do))
    files = dict(_files(resources.files("nostoi.app").joinpath("starter")))
    try:
        for path, text in files.items():
            place = target / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text.replace(_STAND_IN, name), encoding="utf-8", newline="\n")
    except OSError as error:
        what = f"the file cannot be written ({error.strerror})"
        raise NostoiError(Finding(803, what, file=str(target))) from None
    say(f"Made {target} with {len(files)} files. Next: nostoi check {target}")


def _files(where: Traversable, before: str = "") -> list[tuple[str, str]]:
    """All files of the starter as (path inside the case, text)."""
    found: list[tuple[str, str]] = []
    for item in sorted(where.iterdir(), key=lambda item: item.name):
        path = before + item.name
        if item.is_dir():
            found += _files(item, path + "/")
        elif item.name.endswith((".yaml", ".csv", ".md")):
            found.append((path, item.read_text(encoding="utf-8")))
    return found
