"""A finished run that several tests read: the smallest library scenario, few campaigns."""

from pathlib import Path

import pytest

import fastness as fs
from fastness.ensemble import Ensemble


@pytest.fixture(scope="session")
def harrow(tmp_path_factory: pytest.TempPathFactory) -> Ensemble:
    """Return 300 campaigns of Harrow Hold; copy the folder before you write into it."""
    folder: Path = tmp_path_factory.mktemp("harrow") / "run"
    return fs.simulate(fs.load("harrow-hold"), campaigns=300, seed=3, out=folder)
