"""Compiled loops as operations of JAX: XLA's foreign function interface, from Numba.

XLA hands over a call frame; the offsets below are those of `xla/ffi/api/c_api.h`, version 0.1
to 0.3, in 8-byte words. Where a later JAX refuses them, callers keep to pure JAX.
"""

from __future__ import annotations

import ctypes
from typing import Any

import jax
import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import carray, types  # type: ignore[attr-defined]
from numba.extending import intrinsic

from nostoi.base.vectors import njit

EXTENSION, ARGUMENTS, RESULTS = 1, 9, 14
"""Words of a call frame: first extension, array of argument buffers, array of results."""

METADATA_KIND, KIND, METADATA, VERSION, WORDS = 1, 1, 3, 3, 6
"""Words of the extension by which XLA asks for our version, and of its answer."""

MINOR = 1 << 32
"""API version 0.1: minor number in the upper half of a word, major in the lower."""

DATA, RANK, DIMS = 3, 4, 5
"""Words of a buffer: address of its numbers, number of its axes, address of its lengths."""

SIGNATURE = types.intp(types.intp)


PRIVATE: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""Nobody calls these functions from Python; without a bridge they compile in half the time."""

private: Any = njit(**PRIVATE)


@intrinsic
def _at(context: Any, address: Any) -> Any:
    """The pointer behind an address."""

    def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        return builder.inttoptr(given[0], ir.IntType(8).as_pointer())

    return types.voidptr(address), build


_pointer: Any = _at


@private
def words(address: int, n: int) -> Any:
    """`n` 8-byte words at an address."""
    return carray(_pointer(address), (n,), np.int64)


@private
def buffers(frame: int) -> Any:
    """Arguments and results of a call."""
    call = words(frame, RESULTS + 1)
    return call[ARGUMENTS], call[RESULTS]


@private
def answers_version(frame: int) -> bool:
    """Whether XLA only asked for our version, which is then written down."""
    extension = words(frame, 2)[EXTENSION]
    if extension == 0 or (words(extension, 4)[KIND] & 0xFFFFFFFF) != METADATA_KIND:
        return False
    words(words(extension, 4)[METADATA], WORDS)[VERSION] = MINOR
    return True


@private
def view1(buffers: int, i: int) -> Any:
    """Buffer `i` as an array of one axis."""
    buffer = words(words(buffers, i + 1)[i], 6)
    n = words(buffer[DIMS], 1)
    return carray(_pointer(buffer[DATA]), (n[0],), np.float64)


@private
def whole1(buffers: int, i: int) -> Any:
    """Buffer `i`, of whole numbers of 8 bytes, as an array of one axis."""
    buffer = words(words(buffers, i + 1)[i], 6)
    return words(buffer[DATA], words(buffer[DIMS], 1)[0])


@private
def view2(buffers: int, i: int) -> Any:
    """Buffer `i` as an array of two axes."""
    buffer = words(words(buffers, i + 1)[i], 6)
    n = words(buffer[DIMS], 2)
    return carray(_pointer(buffer[DATA]), (n[0], n[1]), np.float64)


@private
def last_of(buffer: Any, axis: int) -> int:
    """Length of all axes of a buffer from one on, taken as one."""
    n, size = words(buffer[DIMS], buffer[RANK]), 1
    for i in range(axis, buffer[RANK]):
        size *= n[i]
    return size


@private
def rows2(buffers: int, i: int) -> Any:
    """Buffer `i` as an array of two axes: its first, and all others as one."""
    buffer = words(words(buffers, i + 1)[i], 6)
    n = words(buffer[DIMS], 1)
    return carray(_pointer(buffer[DATA]), (n[0], last_of(buffer, 1)), np.float64)


@private
def rows3(buffers: int, i: int) -> Any:
    """Buffer `i` as an array of three axes: its first two, and all others as one."""
    buffer = words(words(buffers, i + 1)[i], 6)
    n = words(buffer[DIMS], 2)
    return carray(_pointer(buffer[DATA]), (n[0], n[1], last_of(buffer, 2)), np.float64)


@private
def view3(buffers: int, i: int) -> Any:
    """Buffer `i` as an array of three axes."""
    buffer = words(words(buffers, i + 1)[i], 6)
    n = words(buffer[DIMS], 3)
    return carray(_pointer(buffer[DATA]), (n[0], n[1], n[2]), np.float64)


@private
def view4(buffers: int, i: int) -> Any:
    """Buffer `i` as an array of four axes."""
    buffer = words(words(buffers, i + 1)[i], 6)
    n = words(buffer[DIMS], 4)
    return carray(_pointer(buffer[DATA]), (n[0], n[1], n[2], n[3]), np.float64)


def register(name: str, address: int) -> bool:
    """Makes the handler at an address known to XLA on CPUs; False where XLA refuses it."""
    new = ctypes.pythonapi.PyCapsule_New
    new.restype = ctypes.py_object
    new.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    try:
        jax.ffi.register_ffi_target(name, new(address, None, None), platform="cpu")
    except Exception:
        return False
    return True
