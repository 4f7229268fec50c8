"""What a forecast is made without: scenarios changed by the rule, runs played again, and what cannot be dropped."""

import json
import math
from pathlib import Path

import pytest

from fastness.analysis.compare import compare
from fastness.analysis.drop import WIDER, Dropped, drop, dropped
from fastness.ensemble import Ensemble, open_run, simulate
from fastness.errors import AnalysisError, RunError, StoreError
from fastness.scenario import Scenario, library, load

HARROW = load("harrow-hold")


def test_a_quantity_keeps_its_median_and_becomes_so_much_wider() -> None:
    before = HARROW.beliefs["household-bread"]
    after = dropped(HARROW, Dropped(assumptions=("household-bread",))).beliefs["household-bread"]
    assert after.p50 == pytest.approx(before.p50)
    for end in ("p5", "p95"):
        was, now = (math.log(getattr(belief, end) / before.p50) for belief in (before, after))
        assert now == pytest.approx(WIDER * was)


def test_half_of_the_wider_range_holds_what_the_whole_held() -> None:
    """A normal's 90 % interval is 1.645 standard deviations to each side, its 50 % interval 0.674."""
    assert pytest.approx(1.6449 / 0.6745, abs=1e-3) == WIDER


def test_a_fact_becomes_even_odds_and_its_claims_count_no_more() -> None:
    result = dropped(HARROW, Dropped(assumptions=("ring-means-to-storm",)))
    assert result.beliefs["ring-means-to-storm"].chance == 0.5
    gone = {claim.id for claim in HARROW.claims} - {claim.id for claim in result.claims}
    assert gone == {claim.id for claim in HARROW.claims if claim.target == "ring-means-to-storm"}
    assert gone


def test_all_claims_of_an_origin_go_and_no_other() -> None:
    origin = {source.id: source.origin for source in HARROW.sources}
    name = next(origin[claim.source] for claim in HARROW.claims if claim.binds == "belief")
    result = dropped(HARROW, Dropped(sources=(name,)))
    gone = [claim for claim in HARROW.claims if claim not in result.claims]
    assert gone
    assert {origin[claim.source] for claim in gone} == {name}
    assert not [claim for claim in result.claims if claim.binds == "belief" and origin[claim.source] == name]


@pytest.mark.parametrize("name", [entry.id for entry in library()])
def test_every_belief_of_the_library_can_be_dropped_or_says_why_not(name: str) -> None:
    scenario = load(name)
    even = {i for i, belief in scenario.beliefs.items() if belief.chance == 0.5}
    refused = set()
    for belief in list(scenario.beliefs)[::5]:
        try:
            dropped(scenario, Dropped(assumptions=(belief,)))
        except AnalysisError:
            refused.add(belief)
    assert refused <= even


def test_names_that_are_not_there_are_told_all_at_once() -> None:
    with pytest.raises(AnalysisError) as fault:
        dropped(HARROW, Dropped(assumptions=("household-bred",), claims=("X1",)))
    assert str(fault.value) == (
        "FS437  the scenario has no belief named 'household-bred' (did you mean 'household-bread'?); "
        "the scenario has no claim named 'X1'"
    )


def test_a_claim_that_no_number_hangs_on_is_refused_with_the_reason() -> None:
    scenario = load("panjshir-2021")
    claim = next(claim for claim in scenario.claims if claim.binds == "entry")
    with pytest.raises(AnalysisError) as fault:
        dropped(scenario, Dropped(claims=(claim.id,)))
    assert str(fault.value) == (
        f"FS438  no number of the model hangs on {claim.id}: it explains {claim.target}, whose value stands in the "
        "scenario itself and can be changed by a variant"
    )


def test_dropping_nothing_is_refused(run: Ensemble) -> None:
    with pytest.raises(AnalysisError) as fault:
        drop(run)
    assert str(fault.value) == ("FS439  nothing is to be dropped; name a belief, an origin, a claim or a process")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Ensemble:
    """Play a small run of the shortest scenario."""
    return simulate(HARROW, campaigns=60, seed=3, out=tmp_path_factory.mktemp("runs") / "base")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_the_run_without_pairs_with_the_run_and_leaves_it_as_it_was(run: Ensemble) -> None:
    before = contents(run.path)
    other = drop(run, processes=("weather",), assumptions=("household-bread",))
    assert contents(run.path) == before
    assert other.path.name == "base-without-household-bread-weather"
    assert other.manifest["without"] == ["weather"]
    assert other.manifest["variant"] == "without household-bread, weather"
    assert (other.path / "scenario" / "scenario.yaml").is_file()  # the files that it was written in
    found = compare(run, other)
    assert not found.notes
    name = "belief:household-bread"  # from the same uniform numbers, only wider
    assert run.draws[name].corr(other.draws[name], method="spearman") > 0.8
    assert other.draws[name].std() > run.draws[name].std()
    others = [column for column in run.draws if column not in (name, "campaign")]
    assert run.draws[others].equals(other.draws[others])
    assert json.loads((other.path / "manifest.json").read_text())["seed"] == 3


def test_what_is_off_already_or_exists_is_refused(run: Ensemble) -> None:
    other = drop(run, processes=("leaders",), campaigns=50)
    assert other.manifest["campaigns"] == 50
    with pytest.raises(StoreError, match=r"base-without-leaders exists; nothing was overwritten"):
        drop(run, processes=("leaders",))
    with pytest.raises(AnalysisError, match="FS438  the run was played without 'leaders' already"):
        drop(other, processes=("leaders",))
    with pytest.raises(RunError, match="FS207  no campaign can do without the process 'tally'"):
        drop(run, processes=("tally",))


def test_a_run_of_another_model_or_with_own_processes_is_refused(run: Ensemble) -> None:
    with pytest.raises(RunError, match="FS203"):
        drop(Ensemble(run.path, run.manifest | {"kernel": "another"}), processes=("talks",))
    with pytest.raises(RunError, match="FS203"):
        drop(Ensemble(run.path, run.manifest | {"priors": "another"}), processes=("talks",))
    with pytest.raises(RunError, match="FS206"):
        drop(Ensemble(run.path, run.manifest | {"processes": ["mine"]}), processes=("talks",))


def test_a_single_value_has_no_range_to_widen() -> None:
    belief = HARROW.beliefs["household-bread"]
    fixed = belief.model_copy(update={"p5": 30.0, "p50": 30.0, "p95": 30.0})
    scenario: Scenario = HARROW.model_copy(update={"beliefs": {**HARROW.beliefs, "household-bread": fixed}})
    with pytest.raises(AnalysisError, match="FS438  belief 'household-bread' is a single value without a range"):
        dropped(scenario, Dropped(assumptions=("household-bread",)))


def test_the_new_folder_opens_like_any_run(run: Ensemble) -> None:
    folder = run.path.with_name("elsewhere")
    drop(run, processes=("news",), campaigns=50, out=folder)
    assert len(open_run(folder).outcomes) == 50
