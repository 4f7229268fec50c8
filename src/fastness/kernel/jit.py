"""The one place that knows the compiler: `kernel` marks a function that Numba compiles and caches on disk.

With the compiler off (`NUMBA_DISABLE_JIT=1`) the same functions run as plain Python: that is the reference backend, and
breakpoints work in it. Numba's own cache does not notice an edit in a callee of another file, so the name of the cache
folder covers every kernel source, the versions and the processor.
"""

import functools
import hashlib
import os
import platform
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar, cast

import llvmlite
import llvmlite.binding
import numba
import numpy as np
import platformdirs
from numba.core.errors import NumbaExperimentalFeatureWarning

from fastness.kernel.inner import KernelCompiler, call_inside

# process functions are called through pointers so that each compiles alone; Numba calls that experimental
warnings.filterwarnings("ignore", category=NumbaExperimentalFeatureWarning, message="First-class function type")

Function = TypeVar("Function", bound=Callable[..., object])

#: how all of the kernel is compiled: without counting references, as it makes no arrays
OPTIONS: Final = {"nogil": True, "error_model": "numpy", "_nrt": False, "pipeline_class": KernelCompiler}

_CACHE_LOCK = threading.RLock()

COMPILED: bool = not numba.config.DISABLE_JIT

#: unsigned 64-bit word inside compiled code, a plain int in the reference backend
word: Callable[[int], int] = np.uint64 if COMPILED else int  # type: ignore[assignment]


@functools.cache
def kernel_hash() -> str:
    """Return the hash of all kernel sources, the compiler's versions and the processor."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    cpu = llvmlite.binding.get_host_cpu_name() + llvmlite.binding.get_host_cpu_features().flatten()
    for part in (numba.__version__, llvmlite.__version__, platform.python_version(), np.__version__, cpu):
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()[:16]


@functools.cache
def cache_folder() -> Path:
    """Return the folder of compiled code, a temporary one where the user's cache cannot be written."""
    folder = Path(platformdirs.user_cache_dir("fastness")) / f"kernel-{kernel_hash()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="fastness-kernel-"))
    if not os.access(folder, os.W_OK):
        return Path(tempfile.mkdtemp(prefix="fastness-kernel-"))
    return folder


@contextmanager
def kernel_cache() -> Iterator[None]:
    """Let Numba use the kernel's cache folder; one thread at a time, as the setting is the whole process's."""
    with _CACHE_LOCK:
        before = numba.config.CACHE_DIR
        numba.config.CACHE_DIR = str(cache_folder())
        try:
            yield
        finally:
            numba.config.CACHE_DIR = before


def kernel(function: Function) -> Function:
    """Compile `function` on first call (nogil, cached on disk, divisions unchecked: guard them)."""
    if not COMPILED:
        return function
    with kernel_cache():
        compiled = numba.njit(**OPTIONS, cache=True)(function)
    call_inside(compiled, function, OPTIONS)
    return cast(Function, compiled)
