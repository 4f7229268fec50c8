"""How campaigns are cut into batches, and a run that goes on where another cut left it."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import fastness as fs
from fastness.ensemble import Ensemble, Progress, run
from fastness.ensemble.run import _batches, resume


@given(st.integers(1, 2000))
def test_batches_hold_every_campaign_once_and_the_last_are_small(campaigns: int) -> None:
    cut = list(_batches(campaigns))
    assert [number for first, count in cut for number in range(first, first + count)] == list(range(campaigns))
    assert all(count <= run.BATCH for _, count in cut)
    assert cut[-1][1] <= run.BATCH / run.LAST_CUT


def test_a_run_goes_on_whatever_it_was_cut_into(
    harrow: Ensemble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(now: Progress) -> None:
        if now.done >= 70:
            raise KeyboardInterrupt

    monkeypatch.setattr(run, "BATCH", 70)
    with pytest.raises(KeyboardInterrupt):
        fs.simulate(fs.load("harrow-hold"), campaigns=300, seed=3, out=tmp_path / "run", progress=interrupt)
    monkeypatch.undo()
    whole = resume(tmp_path / "run")
    assert whole.manifest["done"][0] == [0, 70]
    assert sum(count for _, count in whole.manifest["done"]) == 300
    pd.testing.assert_frame_equal(whole.outcomes, harrow.outcomes)
