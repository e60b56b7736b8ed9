"""A table as the page shows it: cells of text, with a small second line, a link or a class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nostoi.present.strings import text


@dataclass(frozen=True)
class Shown:
    """One cell: its words, a smaller line below, a source link, a style class."""

    words: str
    small: str = ""
    style: str = ""
    link: str = ""


@dataclass(frozen=True)
class Table:
    """A table that may leave: its numbers have passed the gate already."""

    name: str
    title: str
    head: Sequence[str]
    body: Sequence[Sequence[Shown]]
    note: str = ""


def cell(words: str, small: str = "", style: str = "", link: str = "") -> Shown:
    """A cell; links that do not lead to the web are dropped."""
    web = link.startswith(("https://", "http://"))
    withheld = text("withheld")
    if words == withheld:
        style = f"{style} withheld".strip()
        small = "" if withheld in small else small
    return Shown(words, small, style, link if web else "")
