"""Papers: how long people wait for them before they set out."""

from __future__ import annotations

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.base.streams import stream

PAPERS_STREAM = stream("papers")


def papers_wait(days: Floats, luck: Floats) -> Floats:
    """Days until the papers are there, exponential, as the whole trips of routes.csv are.

    Args:
        days: mean days, of any shape; 0 where no papers are waited for.
        luck: uniform numbers in 0..1, of the same shape.
    """
    wait: Floats = -days * np.log1p(-luck)
    return wait
