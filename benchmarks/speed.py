"""How fast: campaign-days per CPU-second of the warm kernel, and a whole run, report included.

    python benchmarks/speed.py          warm kernel and warm run, medians of five
    python benchmarks/speed.py --cold   the first run on a machine: compiles into an empty cache

Times depend on what else the machine does: quote CPU seconds, and wall seconds of a quiet machine only.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

from fastness.compile import compile_scenario
from fastness.compile.draws import key_words
from fastness.kernel import backends
from fastness.scenario import load

RUNS = 5
CAMPAIGNS = 200
SEED = 7


def kernel_speed() -> float:
    """Return campaign-days per CPU-second of playing alone, one thread."""
    compiled = compile_scenario(load("panjshir-2021"))
    speeds = []
    for attempt in range(RUNS + 1):
        batch = compiled.batch(SEED, 0, CAMPAIGNS)
        play = backends.player(compiled.world, batch.state)
        began = time.process_time()
        play(compiled.world, batch.state, compiled.days, *key_words(SEED), 0)
        if attempt:
            speeds.append(CAMPAIGNS * compiled.days / (time.process_time() - began))
    return statistics.median(speeds)


def whole_run(environment: dict[str, str]) -> tuple[float, float, float]:
    """Return wall seconds, CPU seconds and peak memory [MB] of `fastness run panjshir-2021`."""
    with tempfile.TemporaryDirectory() as scratch:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.monotonic()
        command = [
            sys.executable,
            "-m",
            "fastness",
            "run",
            "panjshir-2021",
            "--seed",
            str(SEED),
            "-o",
            f"{scratch}/run",
        ]
        subprocess.run(command, check=True, capture_output=True, env=environment)
        wall = time.monotonic() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, after.ru_maxrss / 1024


def main(cold: bool) -> None:
    print(f"load {os.getloadavg()[0]:.2f} on {os.cpu_count()} processors")
    environment = dict(os.environ)
    if cold:
        with tempfile.TemporaryDirectory() as cache:
            wall, cpu, memory = whole_run(environment | {"XDG_CACHE_HOME": cache})
        print(f"first run, compiling included: {wall:.1f} s wall, {cpu:.1f} s CPU, peak {memory:.0f} MB in one process")
        return
    whole_run(environment)
    runs = [whole_run(environment) for _ in range(RUNS)]
    wall, cpu, memory = (statistics.median(column) for column in zip(*runs, strict=True))
    print(f"run of 2,000 campaigns: {wall:.1f} s wall, {cpu:.1f} s CPU, peak {memory:.0f} MB (medians of {RUNS})")
    print(f"kernel: {kernel_speed():,.0f} campaign-days per CPU-second (median of {RUNS})")


if __name__ == "__main__":
    main("--cold" in sys.argv[1:])
