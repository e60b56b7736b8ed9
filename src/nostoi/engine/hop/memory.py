"""Arrays as bare memory for compiled loops.

Numba counts the owners of every array that is handed from one function to the next, with
instructions that lock the bus; in loops that do little else this took two thirds of the time.
"""

from __future__ import annotations

from typing import Any

from numba.core import cgutils
from numba.extending import intrinsic


def _bare(typingctx: Any, array: Any) -> Any:
    """The same array without an owner; whoever asks must keep the owner alive."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        found = context.make_array(signature.args[0])(context, builder, args[0])
        nobody: Any = cgutils.get_null_value(found.meminfo.type)  # type: ignore[no-untyped-call]
        found.meminfo = nobody
        return found._getvalue()

    return array(array), build


bare: Any = intrinsic(_bare)
"""`bare(array)` inside compiled code."""
