"""Benchmarks with known answers, through the functions that the kernel itself calls.

The cases are those that `python validation/benchmarks.py` prints; random ones have a fixed seed and three standard
errors.
"""

import pytest
from benchmarks import CHECKS


@pytest.mark.parametrize("name", CHECKS)
def test_known_answer(name: str) -> None:
    rows = CHECKS[name]()
    missed = [f"{row.what}: {row.computed} is not {row.published} ± {row.tolerance}" for row in rows if not row.passes]
    assert rows
    assert not missed


def test_the_list_is_complete() -> None:
    assert set(CHECKS) == {
        "B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B08b", "B09", "B10", "B11", "B12", "B13", "B14",
        "B15", "B16", "B17", "B18", "B19", "B20", "B21", "B22", "B23", "B24", "B25", "B26",
    }  # fmt: skip
