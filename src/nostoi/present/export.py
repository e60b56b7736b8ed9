"""Writing what leaves: CSV with a file of definitions beside it, SVG, and the stamp on both."""

from __future__ import annotations

import csv
import html
import json
import math
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from nostoi.present.chart import PAPER, VERMILION, Figure
from nostoi.present.disclosure import Cell, Released

STRIP = 18


def write_csv(path: Path, data: Released, meta: Mapping[str, object]) -> None:
    """Write released rows as tidy CSV, and `<name>.meta.json` beside it.

    The only way in which rows leave as a file; it takes nothing that has not passed the gate.

    Args:
        path: the CSV file.
        data: rows from a `Gate`.
        meta: definition, unit, case hash, version, vintage.
    """
    header = list(dict.fromkeys(key for row in data.rows for key in row))
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: _plain(value) for key, value in row.items()} for row in data.rows)
    full = {**meta, "rows": len(data.rows), "cells_withheld": data.withheld}
    full |= {"disclosure_control": data.control} if data.control else {}
    sidecar = path.with_suffix(".meta.json")
    sidecar.write_text(json.dumps(full, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _plain(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if not math.isfinite(value):
        return ""
    return f"{value:.0f}" if value == round(value) else f"{value:.6g}"


def write_figure(folder: Path, figure: Figure, meta: Mapping[str, object]) -> None:
    """Write `<name>.svg`, `<name>.csv` and `<name>.meta.json`."""
    (folder / f"{figure.name}.svg").write_text(figure.svg + "\n", encoding="utf-8")
    own = {"title": figure.title, "alt": figure.alt, "note": figure.note, **figure.meta}
    write_csv(folder / f"{figure.name}.csv", figure.data, own | dict(meta))


def stamped(figure: Figure, stamp: str) -> Figure:
    """The figure with a visible stamp in its picture and its words; unchanged without one."""
    if not stamp:
        return figure
    words = html.escape(stamp.upper())
    width, height = svg_size(figure.svg)
    mark = (
        f'<rect y="-{STRIP}" width="{width}" height="{STRIP}" fill="{PAPER}"/>'
        f'<text x="{width - 6:.0f}" y="-5" text-anchor="end" font-family="sans-serif" '
        f'font-size="10" font-weight="700" fill="{VERMILION}">{words}</text></svg>'
    )
    box = f'viewBox="0 -{STRIP} {width:g} {height + STRIP:g}"'
    svg = re.sub(r'viewBox="[^"]*"', box, figure.svg, count=1)
    svg = re.sub(r'(<svg[^>]*?)\sheight="[^"]*"', rf'\1 height="{height + STRIP:g}"', svg, count=1)
    svg = re.sub(r"</svg>\s*$", mark, svg)
    meta = {**figure.meta, "stamp": stamp}
    return replace(figure, svg=svg, alt=f"{stamp}. {figure.alt}", meta=meta)


def svg_size(svg: str) -> tuple[float, float]:
    """Width and height of a picture, from its view box."""
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    return (float(box.group(1)), float(box.group(2))) if box else (900.0, 400.0)
