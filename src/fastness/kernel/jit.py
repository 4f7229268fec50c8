"""The one place that knows the compiler: `kernel` marks a function that Numba compiles and keeps on disk.

With the compiler off (`NUMBA_DISABLE_JIT=1`) the same functions run as plain Python: that is the reference backend, and
breakpoints work in it.
"""

import threading
import warnings
from collections.abc import Callable
from typing import Final, TypeVar, cast

import numba
import numpy as np
from numba.core.errors import NumbaExperimentalFeatureWarning

from fastness.kernel.cache import KernelCache
from fastness.kernel.inner import KernelCompiler, call_inside

# process functions are called through pointers so that each compiles alone; Numba calls that experimental
warnings.filterwarnings("ignore", category=NumbaExperimentalFeatureWarning, message="First-class function type")

Function = TypeVar("Function", bound=Callable[..., object])

#: how all of the kernel is compiled: without counting references, as it makes no arrays
OPTIONS: Final = {"nogil": True, "error_model": "numpy", "_nrt": False, "pipeline_class": KernelCompiler}

#: held by the thread that compiles or loads; the others wait and find it done
COMPILING: Final = threading.RLock()

COMPILED: bool = not numba.config.DISABLE_JIT

#: unsigned 64-bit word inside compiled code, a plain int in the reference backend
word: Callable[[int], int] = np.uint64 if COMPILED else int  # type: ignore[assignment]


def kernel(function: Function) -> Function:
    """Compile `function` on first call (nogil, kept on disk, divisions and indices unchecked: guard them)."""
    if not COMPILED:
        return function
    compiled = numba.njit(**OPTIONS)(function)
    compiled._cache = KernelCache(function)
    call_inside(compiled, function, OPTIONS)
    return cast(Function, compiled)
