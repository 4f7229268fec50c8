"""Where compiled code lies: one folder for each version of the kernel, wherever fastness is installed.

Numba keeps compiled code by the path of its source, and notices an edit in the function but not in what it calls. Here
the folder's name covers every kernel source, the versions and the processor, so that two environments with the same
kernel share it, and an edit anywhere in the kernel begins another.
"""

import functools
import hashlib
import os
import platform
import tempfile
from collections.abc import Callable
from pathlib import Path

import llvmlite
import llvmlite.binding
import numba
import numpy as np
import platformdirs
from numba.core.caching import CompileResultCacheImpl, FunctionCache


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


@functools.cache
def _file_hash(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def name_of(function: Callable[..., object]) -> str:
    """Return the name under which a function's code is kept."""
    return f"{function.__module__}.{function.__qualname__}".replace("<", "").replace(">", "")


def kept(function: Callable[..., object]) -> bool:
    """Whether compiled code of a function is there already."""
    return (cache_folder() / f"{name_of(function)}.nbi").exists()


class _Place:
    """Tells Numba where a function's code lies, and by what it is out of date: its own file, if not in the kernel."""

    def __init__(self, function: Callable[..., object]) -> None:
        self._source = function.__code__.co_filename

    def get_cache_path(self) -> str:
        return str(cache_folder())

    def ensure_cache_path(self) -> None:
        cache_folder().mkdir(parents=True, exist_ok=True)

    def get_source_stamp(self) -> str:
        return _file_hash(self._source)


class _Kept(CompileResultCacheImpl):  # type: ignore[misc]
    def __init__(self, function: Callable[..., object]) -> None:
        self._locator = _Place(function)
        self._filename_base = name_of(function)


class KernelCache(FunctionCache):  # type: ignore[misc]
    """Numba's cache of one function's compiled code, kept in `cache_folder`."""

    _impl_class = _Kept
