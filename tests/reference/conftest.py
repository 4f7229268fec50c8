"""These tests call the kernel's functions on tables, which only the reference backend allows.

`tests/unit/test_processes.py` runs them in a child process with the compiler off; collected otherwise, they step aside.
"""

from fastness.kernel.jit import COMPILED

collect_ignore_glob = ["test_*.py"] if COMPILED else []
