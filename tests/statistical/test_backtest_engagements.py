"""The back-test of battles in the mass: parameters recovered, intervals that cover, and files of every kind."""

import csv
import json
import math
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from battles import NOTHING_TO_READ, battle_file
from typer.testing import CliRunner

import fastness
from fastness.cli.command import app
from fastness.history.battle_baselines import fitted_battles
from fastness.history.battle_file import Battles, read_battles
from fastness.history.battle_fit import fit
from fastness.history.battle_play import combat_priors, play_battles
from fastness.history.engagements import engagements
from fastness.parameters import Fixed, Lognormal, Normal, Prior, quantile, registry

WARS, EACH = 60, 25
HEADER = ("war", "year", "days", "str_a", "str_d", "cas_a", "cas_d", "wina")


def made_up(wars: int, each: int) -> Battles:
    """Return battles of many wars without results, since 1919, of a few thousand to a hundred thousand men."""
    generator = np.random.default_rng(3)
    count = wars * each
    defender = np.exp(generator.normal(9.5, 1, count))
    attacker = defender * np.exp(generator.normal(0.4, 0.7, count))
    fortified, rugged = (generator.random((2, count)) < 0.3).astype(float)
    unknown = np.full(count, np.nan)
    war = np.repeat(np.arange(wars), each)
    year = np.full(count, 1944.0)
    return Battles(
        attacker, defender, unknown, year, unknown, unknown, unknown, fortified, rugged, war, np.arange(count)
    )


def ended(battles: Battles, priors: dict[str, Prior]) -> Battles:
    """Return the battles with the results of one history; each war draws its own parameters from the priors."""
    played = play_battles(battles, priors, plays=WARS)
    at = np.arange(len(battles)), battles.war
    wins, days, lost_attacker, lost_defender = (
        getattr(played, name)[at] for name in ("wins", "days", "lost_attacker", "lost_defender")
    )
    known = (battles.attacker, battles.defender, days, battles.year, lost_attacker, lost_defender, wins)
    return Battles(*known, battles.fortified, battles.rugged, battles.war, battles.number)


def write(path: Path, battles: Battles) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADER)
        for i in range(len(battles)):
            numbers = (battles.days, battles.attacker, battles.defender, battles.lost_attacker, battles.lost_defender)
            days, *men = (float(column[i]) for column in numbers)
            rows.writerow([f"war {battles.war[i]}", 1944, days, *men, 2 * battles.wins[i] - 1])
    return path


def test_the_fit_finds_the_parameters_that_made_the_battles() -> None:
    """Limits are four standard errors or more, from 1,500 battles of 60 wars."""
    true = {name: float(quantile(prior, 0.5)) for name, prior in combat_priors().items()}
    true |= {"engagement.slope": 0.9, "engagement.quality_sd": 0.6, "engagement.fortified": 1.6}
    found = fit(ended(made_up(WARS, EACH), {name: Fixed(value) for name, value in true.items()}))
    limits = {
        # one slope for all wars, where the fit looks for a middle one among slopes that differ by half
        "slope": 0.3,
        "quality_sd": 0.25,
        "intercept": 0.5,
        "days": 0.4,
        "days_fortified": 0.35,
        "days_spread": 0.15,
        "loss_slope_attacker": 0.2,
        "loss_slope_defender": 0.25,
        "loss_losing_attacker": 0.3,
        "loss_losing_defender": 0.4,
    }
    missed = {
        name: (found[f"engagement.{name}"], true[f"engagement.{name}"])
        for name, limit in limits.items()
        if abs(found[f"engagement.{name}"] - true[f"engagement.{name}"]) > limit
    }
    assert missed == {}


def test_intervals_cover_battles_that_the_model_itself_made(tmp_path: Path) -> None:
    """As shipped, on its own battles; 60 wars share their parameters, so 0.05 is about four standard errors."""
    plain = made_up(WARS, EACH)
    zero = np.zeros(len(plain))
    bare = Battles(
        *(plain.attacker, plain.defender), zero, plain.year, zero, zero, zero, zero, zero, plain.war, plain.number
    )
    found = engagements(write(tmp_path / "battles.csv", ended(bare, combat_priors())), resamples=20)
    assert found.mode == "as-shipped"
    for side in ("attacker", "defender"):
        assert found.scores[f"coverage90.{side}"].value == pytest.approx(0.9, abs=0.05)
        assert found.scores[f"coverage50.{side}"].value == pytest.approx(0.5, abs=0.1)
        assert found.scores[f"loss_bias.{side}"].value == pytest.approx(0, abs=0.15)
    less = found.scores["brier.less_base_rate"].value
    assert less is not None
    assert less < 0


def test_the_chance_is_that_of_the_equation() -> None:
    """Parameters fixed and quality integrated out; no losses turn the fight, as each is over in a day without noise."""
    fixed = {name: Fixed(float(quantile(prior, 0.5))) for name, prior in combat_priors().items()}
    fixed |= {
        "engagement.quality_sd": Fixed(0.0),
        "engagement.days": Fixed(0.01),
        "engagement.days_spread": Fixed(0.01),
    }
    one = made_up(1, 1)
    chance = play_battles(one, fixed, plays=20_000).chance()[0]
    effective = one.log_ratio[0] - sum(
        math.log(fixed[f"engagement.{name}"].value) * getattr(one, name)[0] for name in ("fortified", "rugged")
    )
    log_odds = fixed["engagement.intercept"].value + fixed["engagement.slope"].value * effective
    expected = 1 / (1 + math.exp(-log_odds))
    assert abs(chance - expected) < 3.9 * math.sqrt(expected * (1 - expected) / 20_000)  # two-sided 1e-4


@cache
def shared() -> Path:
    path = battle_file()
    if path is None:
        pytest.skip(NOTHING_TO_READ)
    return path


def test_the_bars_are_met_by_leave_one_war_out() -> None:
    found = fastness.backtest.engagements(shared(), resamples=20)
    assert (found.n, found.wars, found.mode, found.in_sample) == (461, 44, "leave-one-war-out", 0)
    assert [bar.name for bar in found.bars() if not bar.met] == []
    battles = found.scores["slope_battles"].value
    assert battles == pytest.approx(0.955, abs=0.01)
    assert found.scores["loser_loss.battles.p50"].value == pytest.approx(0.173, abs=0.001)


def test_the_registry_says_what_the_fit_says() -> None:
    for name, value in fit(read_battles(shared()).battles).items():
        match registry()[name].prior:
            case Fixed(held):
                assert held == pytest.approx(value, rel=0.02), name
            case Normal(mean, sd):
                assert abs(value - mean) < 2 * sd, name
            case Lognormal(p50, log_sd):
                assert abs(math.log(value / p50)) < 2 * log_sd, name


def test_what_is_kept_of_the_fitting_file_is_that_of_the_file() -> None:
    file = read_battles(shared())
    labelled = file.battles[file.battles.labelled]
    kept = fitted_battles()
    assert kept.battles == len(labelled)
    assert kept.wars == {file.wars[war] for war in labelled.war}
    assert kept.baselines.base_rate == pytest.approx(labelled.wins.mean(), abs=1e-4)


def test_the_verb_prints_the_keys_that_scorers_read_and_says_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "battles.csv"
    path.write_text("war,year,days,str_a,str_d,cas_a,cas_d,wina\nA,1950,1,20,10,0,0,1\nA,1950,1,x,10,0,0,1\n")
    result = CliRunner().invoke(app, ["backtest", "engagements", str(path), "--json"])
    assert result.exit_code == 0
    assert f"{path}:3:str_a  FS423  'x' is not a number" in result.stderr
    found = json.loads(result.stdout)
    assert found["n"] == 1
    assert {"model", "base_rate"} <= set(found["brier"]) & set(found["log_loss"])
    assert found["brier"]["base_rate"] == pytest.approx((1 - fitted_battles().baselines.base_rate) ** 2)
    assert set(found["loss_rmse"]) == set(found["coverage90"]) == {"attacker", "defender"}
    assert found["auc"] is None
    assert found["slope"] is None
    assert found["intervals"]["brier"]["model"] is None


def test_the_verb_shows_the_bars(tmp_path: Path) -> None:
    path = tmp_path / "battles.csv"
    path.write_text("str_a,str_d,wina\n200,100,1\n100,200,-1\n")
    result = CliRunner().invoke(app, ["backtest", "engagements", str(path)])
    assert result.exit_code == 0
    assert "Brier score against the base rate" in result.stdout
    assert "No intervals: too few wars to resample." in result.stdout
