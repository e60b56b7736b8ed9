"""A column of a table of parameters, written by the script that learned it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path


def put_column(path: Path, column: str, values: Mapping[str, float]) -> None:
    """Three digits of each value into its row (by `name`); empty where there is none."""
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        header, rows = list(reader.fieldnames or ()), list(reader)
    for row in rows:
        row[column] = f"{values[row['name']]:.3g}" if row["name"] in values else ""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
