"""Play the same campaigns compiled and as plain Python, and compare every array of their states bit by bit.

    python validation/reference.py [--campaigns 20] [--scenario panjshir-2021] [--seed 1]

The plain campaigns run in a child process with the compiler off: the same source, no Numba. Exits with 1 if one bit of
one campaign differs.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from campaigns import Array, arrays, differing, play

from fastness.compile import compile_scenario
from fastness.kernel.jit import COMPILED
from fastness.scenario import load

SECONDS = "seconds"


def played(scenario: str, seed: int, campaigns: int) -> dict[str, Array]:
    """Return the last state of campaigns 0, 1, ... on this process's backend, and the seconds that playing took."""
    compiled = compile_scenario(load(scenario))
    play(compiled, seed, 0, 1)  # compile, or fill the caches
    began = time.perf_counter()
    state = arrays(play(compiled, seed, 0, campaigns))
    return state | {SECONDS: np.array(time.perf_counter() - began)}


def reference(scenario: str, seed: int, campaigns: int) -> dict[str, Array]:
    """Return the same from a child process in which the compiler is off."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "states.npz"
        command = [sys.executable, __file__, "--scenario", scenario, "--seed", str(seed)]
        command += ["--campaigns", str(campaigns), "--write", str(file)]
        subprocess.run(command, check=True, env=os.environ | {"NUMBA_DISABLE_JIT": "1"})
        with np.load(file, allow_pickle=False) as states:
            return dict(states)


def compare(scenario: str, seed: int, campaigns: int) -> tuple[list[str], dict[str, Array], dict[str, Array]]:
    """Return the names of the arrays that differ, and both backends' states."""
    plain, fast = reference(scenario, seed, campaigns), played(scenario, seed, campaigns)
    return differing(fast, plain, apart=(SECONDS,)), fast, plain


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--campaigns", type=int, default=20)
    parser.add_argument("--scenario", default="panjshir-2021", help="library name, folder or file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path, help="only play, and write the states to this .npz file")
    arguments = parser.parse_args()
    asked = (arguments.scenario, arguments.seed, arguments.campaigns)
    if arguments.write:
        np.savez(arguments.write, **played(*asked))
        return
    if not COMPILED:
        sys.exit("the compiler is off in this process: unset NUMBA_DISABLE_JIT")
    different, fast, plain = compare(*asked)
    values = sum(array.size for array in fast.values())
    print(f"{arguments.scenario}, seed {arguments.seed}: {arguments.campaigns} campaigns, {values:,} numbers each way")
    print(f"plain Python {float(plain[SECONDS]):.1f} s, compiled {float(fast[SECONDS]):.3f} s")
    print(f"different in {len(different)} of {len(fast) - 1} arrays" if different else "the same in every bit")
    for name in different:
        print(f"  {name}: {np.count_nonzero(fast[name] != plain[name])} of {fast[name].size}")
    sys.exit(bool(different))


if __name__ == "__main__":
    main()
