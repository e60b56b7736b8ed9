"""The rules of movement and the loops around them as one compiled text, kept between runs."""

from __future__ import annotations

import inspect
import textwrap
from functools import cache
from typing import Any

from nostoi.base import streams
from nostoi.base.compiled import module_of
from nostoi.engine.agents import chance
from nostoi.engine.agents.lift import constants_of, functions_of
from nostoi.engine.hop import choice, kernels, owners, records, table
from nostoi.rules.hop.steps import STEPS

ENTRIES = ("play_days", "play_records")
HEAD = '''"""Written by nostoi.engine.hop.compiled; do not edit."""
from typing import Any
import math
import numpy as np
from nostoi.base.vectors import njit
from nostoi.engine.hop.memory import bare
from nostoi.engine.hop.rows import Here, Network, Outside, There, Who
from nostoi.engine.hop.table import Table
Word = Any
Array = Any
Number = Any
'''


def _text_of(function: Any) -> str:
    """A function's text without its decorators, compiled."""
    lines = textwrap.dedent(inspect.getsource(function)).split("\n")
    first = next(k for k, line in enumerate(lines) if line.startswith("def "))
    kept = lines[first][4:].split("(")[0] in ENTRIES
    mark = (
        f"@njit(nogil=True, error_model='numpy'{', cache=True' if kept else ', forceinline=True'})"
    )
    return "\n".join([mark, *lines[first:]])


def text() -> str:
    """The whole text that is compiled."""
    functions = [
        *functions_of(streams, ("philox", "share_of", "two_uniforms")),
        *functions_of(chance),
        *functions_of(table),
        *(rule.text for rule in STEPS),
        *functions_of(choice),
        *functions_of(owners),
        *functions_of(kernels),
        *functions_of(records),
    ]
    constants = constants_of(functions)
    body = "\n\n".join(_text_of(function) for function in functions)
    rows = "\n".join(f"{name} = {value}" for name, value in sorted(constants.items()))
    return f"{HEAD}{rows}\n\n{body}\n"


@cache
def kernels_of_hops() -> Any:
    """Module with `play_days` and `play_records`."""
    return module_of(text(), "hop")
