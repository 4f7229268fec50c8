"""Compiled code is found again by another installation of the same kernel, and by none of another."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import fastness

CALL = (
    "import numpy as np; from fastness.compile.draws import fill_uniform; fill_uniform(1, 2, 0, 3, np.empty(4));"
    "print(sum(fill_uniform.stats.cache_hits.values()), sum(fill_uniform.stats.cache_misses.values()))"
)
FOUND, COMPILED = "1 0", "0 1"


def call(source: Path, cache: Path) -> str:
    settings = os.environ | {"PYTHONPATH": str(source), "XDG_CACHE_HOME": str(cache), "NUMBA_DISABLE_JIT": "0"}
    child = subprocess.run([sys.executable, "-c", CALL], env=settings, capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr
    return child.stdout.strip()


def test_another_installation_of_the_same_kernel_finds_the_code_and_an_edited_one_does_not(tmp_path: Path) -> None:
    cache, there = tmp_path / "cache", tmp_path / "src"
    here = Path(fastness.__file__).parents[1]
    assert call(here, cache) == COMPILED
    assert call(here, cache) == FOUND
    shutil.copytree(here / "fastness", there / "fastness", copy_function=shutil.copy)  # other path, other dates
    assert call(there, cache) == FOUND
    for edited in ("compile/draws.py", "kernel/streams.py"):  # the function's own file, and one that it calls
        with (there / "fastness" / edited).open("a", encoding="utf-8") as file:
            file.write("\n# edited\n")
        assert call(there, cache) == COMPILED
        assert call(there, cache) == FOUND
