"""Posteriors: how they are stored and drawn, and that no scenario of the past draws from what came after it."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from fastness import posteriors
from fastness.compile.draws import draw_parameters
from fastness.compile.names import Names
from fastness.history.calibrate import write
from fastness.parameters import Learned, Lognormal, ParameterError, Uniform, markdown_table, quantile, read, registry
from fastness.posteriors import Fold, Posterior, calibrated, distributions, folds, from_document, posterior
from fastness.scenario import identity, library, load

LIBRARY = [entry.id for entry in library()]
#: scenarios in which nothing ever happened
INVENTED = {"harrow-hold"}
TEMPO = "assault.tempo"


def made(name: str = "all", *, mean: float = 1.0, sd: float = 0.5, without: tuple[str, ...] = ()) -> Posterior:
    names = (TEMPO, "mapping.relief")
    return Posterior(
        Fold(name, 'a "test"', without, datetime.date(2021, 8, 27)),
        made=datetime.date(2026, 11, 23),
        predictors="ab",
        outcomes="cd",
        kernel="ef",
        cases=3,
        newest=datetime.date(1999, 1, 1),
        rows=64,
        ess=12.5,
        tempering=1.0,
        dependence=0.1,
        names=names,
        mean=np.array([mean, mean]),
        sd=np.array([sd, sd]),
    )


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Put an empty folder of posteriors in place of the package's."""
    (tmp_path / posteriors.PLANNED).write_text('[all]\nwhy = "every case"\n', encoding="utf-8")
    monkeypatch.setattr(posteriors, "FOLDER", tmp_path)
    _forget()
    yield tmp_path
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    posteriors.folds.cache_clear()
    posteriors.posterior.cache_clear()


def test_a_learned_lognormal_is_a_lognormal() -> None:
    # normal score 1 + 0.5 z of median 2 and log sd 0.4: median 2 e^0.4, log sd 0.2
    u = np.array([0.05, 0.5, 0.9])
    expected = quantile(Lognormal(2 * np.exp(0.4), 0.2), u)
    assert quantile(Learned(Lognormal(2, 0.4), 1, 0.5), u) == pytest.approx(expected)


def test_a_learned_prior_that_learned_nothing_is_the_prior() -> None:
    u = np.linspace(0.001, 0.999, 50)
    assert quantile(Learned(Uniform(2, 5), 0, 1), u) == pytest.approx(quantile(Uniform(2, 5), u))


@pytest.mark.parametrize(
    ("prior", "key", "said"),
    [
        ('{ kind = "uniform", low = 0, high = 1 }', '"yes"', "calibrated must be true or false, is 'yes'"),
        ('{ kind = "fixed", value = 1 }', "true", "calibrated needs a uniform, normal, lognormal or beta prior"),
    ],
)
def test_what_cannot_be_calibrated(prior: str, key: str, said: str) -> None:
    text = f'[a.b]\nunit = "1"\nprior = {prior}\ncalibrated = {key}\nmechanism = "M01"\n'
    with pytest.raises(ParameterError, match=said):
        read(text + 'source = "x"\nevidence = "V"\nabout = "y"\n')


def test_six_to_a_dozen_parameters_are_calibrated() -> None:
    assert 6 <= len(calibrated()) <= 12
    assert TEMPO in calibrated()


def test_a_posterior_is_read_as_it_was_written(shipped: Path) -> None:
    (path,) = write([made()], shipped)
    assert path == shipped / "all.toml"
    assert from_document("all", made().document()).document() == made().document()
    found = posterior("all")
    assert found is not None
    assert found.document() == made().document()
    assert found.fold == made().fold


def test_a_campaign_draws_from_the_posterior_that_its_scenario_names(shipped: Path) -> None:
    write([made(mean=3, sd=0.1)], shipped)
    scenario = load("harrow-hold")
    before = draw_parameters(Names(scenario.model_copy(update={"calibration": "prior"})), 7, 0, 40)
    after = draw_parameters(Names(scenario), 7, 0, 40)
    prior = registry()[TEMPO].prior
    assert isinstance(prior, Lognormal)
    scores = np.log(before[TEMPO] / prior.p50) / prior.log_sd
    assert np.log(after[TEMPO] / prior.p50) / prior.log_sd == pytest.approx(3 + 0.1 * scores)
    changed = {name for name in before if not np.array_equal(before[name], after[name])}
    assert changed == {TEMPO}


def test_a_parameter_that_the_scenario_fixes_stays_fixed(shipped: Path) -> None:
    write([made()], shipped)
    fixed = load("harrow-hold").model_copy(update={"parameters": {TEMPO: 0.25}})
    assert set(draw_parameters(Names(fixed), 7, 0, 5)[TEMPO]) == {0.25}


def test_without_a_fitted_posterior_the_priors_stand(shipped: Path) -> None:
    assert posterior("all") is None
    assert distributions("all") == {name: row.prior for name, row in registry().items()}
    assert posteriors.shifted("all", "mapping.relief", 0.3) == 0.3


def test_a_fold_that_was_fitted_may_be_named(shipped: Path) -> None:
    plain = made("without-x", without=("x",)).document()
    plain.pop("as_of")
    write([from_document("without-x", plain)], shipped)
    assert folds()["without-x"] == Fold("without-x", 'a "test"', ("x",))


def test_a_chance_moves_on_the_probit_scale(shipped: Path) -> None:
    # probit(0.5) = 0; shifted by 0.5 * 1, spread 0.5 * 0.5: Phi(0.5 / sqrt(1.0625)) = Phi(0.4851)
    write([made(mean=1, sd=0.5)], shipped)
    assert posteriors.shifted("all", "mapping.relief", 0.5) == pytest.approx(0.6862, abs=1e-4)
    assert posteriors.shifted("prior", "mapping.relief", 0.5) == 0.5
    assert posteriors.shifted("all", "mapping.storm", 0.5) == 0.5


def test_the_calibration_is_part_of_what_a_scenario_is() -> None:
    scenario = load("harrow-hold")
    assert scenario.calibration == "all"
    assert identity(scenario) != identity(scenario.model_copy(update={"calibration": "prior"}))


def test_the_table_of_parameters_shows_prior_and_posterior() -> None:
    prior = registry()[TEMPO].prior
    line = next(row for row in markdown_table({TEMPO: Learned(prior, 1, 0.5)}).splitlines() if TEMPO in row)
    assert "prior: median 0.08, 5–95 % 0.0107–0.6; after past sieges: median 0.272" in line
    assert "after past sieges" not in markdown_table()


@pytest.mark.parametrize("name", [name for name in LIBRARY if name not in INVENTED])
def test_a_scenario_of_the_past_knows_no_case_of_its_conflict_and_none_that_ended_later(name: str) -> None:
    scenario = load(name)
    if scenario.clock.end >= datetime.datetime.now(datetime.UTC).date():
        pytest.skip("its end is still to come")
    if scenario.calibration == posteriors.PRIOR:
        return
    fold = folds()[scenario.calibration]
    assert fold.as_of is not None
    assert fold.as_of <= scenario.clock.as_of
    assert scenario.likeness is None or set(scenario.likeness.conflicts) <= set(fold.without)
    known = posterior(scenario.calibration)
    if known is not None:
        assert known.fold == fold
        assert known.newest <= scenario.clock.as_of


@pytest.mark.parametrize("name", [name for name in folds() if posterior(name)])
def test_what_is_shipped_is_sound(name: str) -> None:
    known = posterior(name)
    assert known is not None
    assert set(calibrated()) <= set(known.names), "calibrate again: the registry has changed"
    assert known.fold.as_of is None or known.newest <= known.fold.as_of
    assert len(known.predictors) == len(known.outcomes) == 64
    assert (known.sd > 0).all()
    assert known.ess >= 100
    assert np.isfinite(known.mean).all()
