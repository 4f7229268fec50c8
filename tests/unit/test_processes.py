"""Runs the tests of single processes: they call the kernel on plain tables, so their process has the compiler off."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_process_does_what_was_computed_by_hand() -> None:
    command = [sys.executable, "-m", "pytest", "tests/reference", "-q", "-p", "no:cacheprovider", "-n", "0"]
    child = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True, check=False
    )
    assert child.returncode == 0, child.stdout[-8000:] + child.stderr[-2000:]
    assert " passed" in child.stdout
