"""Lives as files: a page of Markdown and the same as JSON, whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path

from nostoi.base.errors import Finding, NostoiError
from nostoi.present.lives import Page
from nostoi.present.lives_data import as_data


def write_lives(folder: Path, page: Page) -> list[Path]:
    """Writes lives.md and lives.json.

    Raises:
        NostoiError: N721 when the folder cannot be written.
    """
    data = json.dumps({"format": 1, **as_data(page)}, indent=2, ensure_ascii=False) + "\n"
    texts = {"lives.md": page.text(), "lives.json": data}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in texts.items():
            (folder / f"{name}.part").write_text(content, encoding="utf-8")
        for name in texts:
            os.replace(folder / f"{name}.part", folder / name)
    except OSError as error:
        what = f"the lives cannot be written: {error.strerror or error}"
        raise NostoiError(Finding(721, what, file=str(folder), do="choose another -o")) from error
    return [folder / name for name in texts]
