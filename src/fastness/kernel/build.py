"""Compiles the kernel ahead of a first run, in child processes side by side: `python -m fastness.kernel.build 0 2`.

Each child compiles its share of the day's processes into the cache on disk; the run then loads them.
"""

import os
import signal
import subprocess
import sys

from fastness.kernel.backends import compile_process, process_signature
from fastness.kernel.day import DAY, Process
from fastness.kernel.empty import Sizes, empty_state, empty_world

#: processes from the slowest to compile to the quickest, so that the shares come out even
SLOWEST_FIRST = ("command", "combat", "supply", "tally", "rations", "movement", "resolve", "weather")


def shares(children: int) -> list[list[Process]]:
    """Return the processes that each child compiles: dealt out in turn, there and back, from the slowest."""
    ordered = sorted(DAY, key=_rank)
    dealt: list[list[Process]] = [[] for _ in range(children)]
    for index, process in enumerate(ordered):
        turn, seat = divmod(index, children)
        dealt[seat if turn % 2 == 0 else children - 1 - seat].append(process)
    return dealt


def _rank(process: Process) -> int:
    return SLOWEST_FIRST.index(process.__name__) if process.__name__ in SLOWEST_FIRST else len(SLOWEST_FIRST)


def build_ahead() -> None:
    """Compile the kernel in one child process per processor and wait; what fails here is compiled by the run itself."""
    children = min(os.cpu_count() or 1, 4)
    command = [sys.executable, "-W", "ignore", "-m", "fastness.kernel.build"]
    running = [subprocess.Popen([*command, str(child), str(children)]) for child in range(children)]
    try:
        for child in running:
            child.wait()
    except BaseException:
        for child in running:
            child.kill()
        raise


def main(child: int, children: int) -> None:
    """Compile one share; an interruption is the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signature = process_signature(empty_world(), empty_state(Sizes(), 1))
    for process in shares(children)[child]:
        compile_process(process, signature)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
