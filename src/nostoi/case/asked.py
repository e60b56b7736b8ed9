"""A case with the life that is asked for: one of its own, or a file that lies elsewhere."""

from __future__ import annotations

from pathlib import Path

from nostoi.base.errors import NostoiError
from nostoi.case.assemble import assemble
from nostoi.case.case import Case
from nostoi.case.check import check_parts
from nostoi.case.complaints import Complaints, near
from nostoi.case.files import LIVES
from nostoi.case.gather import Reading, gather, gather_document
from nostoi.case.lives import Life
from nostoi.case.parse import parse


def load_asked(folder: Path, like: str, *, trust: bool = False) -> tuple[Case, Life]:
    """The resolved case and the life to look for, checked against the case.

    Args:
        folder: the case folder.
        like: name of a file in its folder `lives`, without the ending, or path of a file.
        trust: accept a rules.py of the case.

    Raises:
        NostoiError: with every finding about the case and the life; N622 if there is no such life.
    """
    out = Complaints()
    reading = gather(folder, out, trust=trust)
    name = _gather_asked(folder, like, reading, out)
    parts = parse(reading, out)
    check_parts(parts, out)
    if out.errors or parts.spec is None:
        raise NostoiError(*out.errors)
    case = assemble(folder, parts, parts.spec)
    return case, case.lives[name]


def _gather_asked(folder: Path, like: str, reading: Reading, out: Complaints) -> str:
    """Name of the life; a file from elsewhere takes the place of one of the same name."""
    path = Path(like)
    own = (folder / LIVES).resolve()
    if not path.is_file():
        if like not in reading.lives and not out.errors:
            known = ", ".join(sorted(reading.lives)) or "none"
            said = f"there is no life {like!r}{near(like, reading.lives)}"
            out.add(622, said, do=f"Give a file, or one of the case's own: {known}.")
        return like
    if path.resolve().parent != own:
        reading.lives.pop(path.stem, None)
        document = gather_document(path.parent, path.name, out)
        if document is not None:
            reading.lives[path.stem] = document
    return path.stem
