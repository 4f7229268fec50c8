"""The compiled kernel and the same source as plain Python give the same campaigns, bit for bit."""

import json
import os
from pathlib import Path

import pytest
from campaigns import differing
from hypothesis import HealthCheck, Phase, given, settings
from property.generated import Document, documents
from reference import plain, played

SEED = 3
SOME = settings(
    max_examples=12, deadline=None, derandomize=True, phases=(Phase.generate,), suppress_health_check=list(HealthCheck)
)


@pytest.fixture
def generated(tmp_path: Path) -> list[str]:
    """Write a dozen generated scenarios, the same at every run."""
    paths = []

    @SOME
    @given(documents())
    def write(document: Document) -> None:
        path = tmp_path / f"{len(paths)}.yaml"
        path.write_text(json.dumps(document), encoding="utf-8")
        paths.append(str(path))

    write()
    return paths


@pytest.fixture(autouse=True)
def quiet_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a child process find the modules that this one finds."""
    here = Path(__file__).parents[2]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(here / "src"), os.environ.get("PYTHONPATH", "")]))


def test_generated_campaigns_agree(generated: list[str]) -> None:
    assert len(generated) == SOME.max_examples
    one, other = played(generated, SEED, 2), plain(generated, SEED, 2)
    assert differing(one.states, other.states, apart=()) == []
    assert any(array.any() for name, array in one.states.items() if name.endswith("side.lost"))


def test_the_shipped_scenario_agrees() -> None:
    one, other = played(["panjshir-2021"], SEED, 1), plain(["panjshir-2021"], SEED, 1)
    assert differing(one.states, other.states, apart=()) == []
    assert len(one.states) > 100
