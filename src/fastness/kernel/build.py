"""Compiles the kernel ahead of a first run, in child processes side by side: `python -m fastness.kernel.build 0 2`.

Each child compiles its share of the day's processes into the cache on disk; the run then loads them.
"""

import gc
import os
import signal
import subprocess
import sys

from fastness.kernel.backends import compile_batch_player, compile_process, process_signature
from fastness.kernel.day import DAY
from fastness.kernel.empty import Sizes, empty_state, empty_world
from fastness.kernel.jit import COMPILED

#: what is compiled, from the slowest to the quickest, so that the shares come out even
SLOWEST_FIRST = (
    "command", "play_batch", "supply", "talks", "combat", "raids", "rations", "movement", "resolve", "tally",
    "defection", "patrons", "displacement", "manpower", "breadth", "convoys", "leaders", "population", "weather",
    "control",
)  # fmt: skip


def shares(children: int) -> list[list[str]]:
    """Return the names of what each child compiles: dealt out in turn, there and back, from the slowest."""
    names = ["play_batch", *(process.__name__ for process in DAY)]
    names.sort(key=lambda name: SLOWEST_FIRST.index(name) if name in SLOWEST_FIRST else len(SLOWEST_FIRST))
    dealt: list[list[str]] = [[] for _ in range(children)]
    for index, name in enumerate(names):
        turn, seat = divmod(index, children)
        dealt[seat if turn % 2 == 0 else children - 1 - seat].append(name)
    return dealt


def build_ahead() -> None:
    """Compile the kernel in one child process per processor and wait; what fails here is compiled by the run itself."""
    if not COMPILED:
        return
    children = min(os.cpu_count() or 1, 4)
    command = [sys.executable, "-W", "ignore", "-m", "fastness.kernel.build"]
    # one level below the highest: a tenth less time to compile, and campaigns play as fast
    environment = {**os.environ, "NUMBA_OPT": "2"}
    running = [subprocess.Popen([*command, str(child), str(children)], env=environment) for child in range(children)]
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
    gc.disable()  # it lives for seconds
    world, batch = empty_world(), empty_state(Sizes(), 1)
    signature = process_signature(world, batch)
    processes = {process.__name__: process for process in DAY}
    for name in shares(children)[child]:
        if name in processes:
            compile_process(processes[name], signature)
        else:
            compile_batch_player(world, batch, signature)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
