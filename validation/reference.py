"""Play the same campaigns compiled and as plain Python, and compare every array of their states bit by bit.

    python validation/reference.py [panjshir-2021 ...] [--campaigns 20] [--seed 1] [--record]

The plain campaigns run in a child process with the compiler off: the same source, no Numba. Exits with 1 if one bit of
one campaign differs.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from campaigns import Array, apart, arrays, differing, play
from record import met, record
from svg import Bar, bars

from fastness.compile import compile_scenario
from fastness.kernel.jit import COMPILED
from fastness.scenario import load

SECONDS = "seconds"
#: how far the axis of the picture goes where nothing differs
FEW = 5


class Played(NamedTuple):
    """The last states of all campaigns, by scenario and array, and the seconds that playing took."""

    states: dict[str, Array]
    seconds: float


def played(scenarios: Sequence[str], seed: int, campaigns: int) -> Played:
    """Play campaigns 0, 1, ... of each scenario on this process's backend."""
    states: dict[str, Array] = {}
    seconds = 0.0
    for scenario in scenarios:
        compiled = compile_scenario(load(scenario))
        if COMPILED:
            play(compiled, seed, 0, 1)  # so that compiling is not timed
        began = time.perf_counter()
        state = play(compiled, seed, 0, campaigns)
        seconds += time.perf_counter() - began
        states |= {f"{scenario}: {name}": array for name, array in arrays(state).items()}
    return Played(states, seconds)


def plain(scenarios: Sequence[str], seed: int, campaigns: int) -> Played:
    """Play the same in a child process in which the compiler is off."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "states.npz"
        command = [sys.executable, __file__, *scenarios, "--seed", str(seed), "--campaigns", str(campaigns)]
        subprocess.run([*command, "--write", str(file)], check=True, env=os.environ | {"NUMBA_DISABLE_JIT": "1"})
        with np.load(file, allow_pickle=False) as saved:
            states = dict(saved)
    return Played(states, float(states.pop(SECONDS)))


def drawn(one: dict[str, Array], other: dict[str, Array]) -> str:
    """Return a picture: how many numbers differ in each table of the state, of how many."""
    counts: dict[str, list[int]] = {}
    for name in one.keys() | other.keys():
        pair = [states[name] for states in (one, other) if name in states]
        table = counts.setdefault(name.rpartition(": ")[2].split(".")[0], [0, 0])
        table[0] += pair[0].size
        table[1] += apart(*pair) if len(pair) == 2 else pair[0].size
    rows = [Bar(f"{table}, {of:,} numbers", differ) for table, (of, differ) in sorted(counts.items())]
    title = "numbers that differ between compiled and plain Python, by table of the state"
    return bars(rows, title=title, axis="numbers that differ, compiled against plain Python", mark=0, to=FEW)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", default=["panjshir-2021"], help="library names, folders or files")
    parser.add_argument("--campaigns", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path, help="only play, and write the states to this .npz file")
    parser.add_argument("--record", action="store_true", help="keep the result for the page of all checks")
    arguments = parser.parse_args()
    asked = (arguments.scenarios, arguments.seed, arguments.campaigns)
    if arguments.write:
        states, seconds = played(*asked)
        np.savez(arguments.write, **states, **{SECONDS: np.array(seconds)})
        return
    if not COMPILED:
        sys.exit("the compiler is off in this process: unset NUMBA_DISABLE_JIT")
    one, other = played(*asked), plain(*asked)
    different = differing(one.states, other.states, apart=())
    numbers = sum(array.size for array in one.states.values())
    print(f"{', '.join(arguments.scenarios)}: {arguments.campaigns} campaigns with seed {arguments.seed}")
    print(f"{numbers:,} numbers in {len(one.states)} arrays; compiled {one.seconds:.2f} s, plain {other.seconds:.1f} s")
    print(f"DIFFERENT in {len(different)} arrays" if different else "the same in every bit")
    for name in different:
        print(f"  {name}: {apart(one.states[name], other.states[name])} of {one.states[name].size}")
    if arguments.record:
        said = (
            f"{', '.join(arguments.scenarios)}, {arguments.campaigns} campaigns: {numbers:,} numbers, compiled and as "
        )
        said += f"plain Python, {f'differ in {len(different)} arrays' if different else 'the same in every bit'}"
        picture = drawn(one.states, other.states)
        record("reference", said, limit="no bit differs", verdict=met(not different), picture=picture)
    sys.exit(bool(different))


if __name__ == "__main__":
    main()
