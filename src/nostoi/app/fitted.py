"""The case of a fit: from the folder that it names, as it was known when the fit may know it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nostoi.case.case import Case


def case_of_fit(fit: Path) -> Case:
    """The case that a fit was made of.

    Raises:
        NostoiError: N701 when fit.json cannot be read; what loading the case raises.
    """
    import json

    from nostoi.base.errors import Finding, NostoiError
    from nostoi.case.vintage import load_as_of

    try:
        meta = json.loads((fit / "fit.json").read_text(encoding="utf-8"))
        said = Path(str(meta["case_folder"]))
        day = date.fromisoformat(meta["as_of"]) if meta.get("as_of") else None
    except (OSError, ValueError, KeyError) as error:
        what = f"the fit has no readable fit.json: {error}"
        do = "finish the fit with `nostoi fit`"
        raise NostoiError(Finding(701, what, file=str(fit), do=do)) from error
    return load_as_of(said if said.exists() or said.is_absolute() else fit / said, day)
