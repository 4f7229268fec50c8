"""The humanitarian outlook by hand: lorries, Sphere's minimum, and where an IPC-compatible indication steps up."""

from datetime import timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import synthetic
import xarray as xr

from fastness.analysis.relief import (
    PHASES,
    death_rate,
    indication,
    known,
    lorries_a_day,
    outlook,
    poor_third_kcal,
    trailing_mean,
)
from fastness.reporting.charts import Section
from fastness.reporting.relief import placed, relief

DAYS = 60
DAY = timedelta(days=1)


def run(kcal: list[float], deaths_a_day: list[float] | None = None, inequality: float = 0.0) -> SimpleNamespace:
    """Play campaigns that eat the same every day and lose the same number of 10,000 people each."""
    made = synthetic.scenario()
    places = [p.id for p in made.places]
    shape = (len(kcal), DAYS, len(places))
    eaten = np.broadcast_to(np.array(kcal)[:, None, None], shape)
    dying = np.array(deaths_a_day or [0.0] * len(kcal))
    dead = np.broadcast_to((dying[:, None] * np.arange(1, DAYS + 1))[:, :, None], shape)
    variables = {"kcal": eaten, "hunger_deaths": dead, "people": np.full(shape, 1e4), "civil_food_days": eaten / 100}
    draws = {"stocks.food_kg": 0.6, "convoy.payload_t": 15.0, "hunger.inequality": inequality}
    return SimpleNamespace(
        scenario=made,
        series=xr.Dataset(
            {name: (("campaign", "day", "place"), values) for name, values in variables.items()},
            coords={"campaign": range(len(kcal)), "day": np.arange(DAYS), "place": places},
        ),
        draws=pd.DataFrame({"campaign": range(len(kcal)), **{f"parameter:{k}": v for k, v in draws.items()}}),
    )


def test_lorries_are_those_of_the_benchmark() -> None:
    people = np.array([172_895.0, 250_000.0])
    assert lorries_a_day(people, np.array([0.6]), np.array([15.0])) == pytest.approx([6.9158, 10.0])


def test_a_trailing_mean_begins_with_the_days_there_are() -> None:
    assert trailing_mean(np.array([[1.0, 3.0, 5.0, 7.0]]), 2).tolist() == [[1.0, 2.0, 4.0, 6.0]]
    assert trailing_mean(np.array([[1.0, 3.0]]), 30).tolist() == [[1.0, 2.0]]


def test_the_poorest_third_eats_as_in_the_model() -> None:
    found = poor_third_kcal(np.array([[2100.0, 1050.0, 0.0]]), np.array([0.5]))
    assert found.tolist() == [[2100.0, 787.5, 0.0]]


def test_a_death_rate_counts_the_last_month_only() -> None:
    deaths = np.concatenate([np.zeros(20), np.arange(1, 31) * 2.0, np.full(40, 60.0)])[None, :]
    rate = death_rate(deaths, np.full(deaths.shape, 1e4))[0]
    assert (rate[19], rate[49], rate[79]) == pytest.approx((0.0, 2.0, 0.0))
    assert rate[64] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("kcal", "deaths", "phase"),
    [
        (2100, 0, "1 or 2"),
        (1996, 0.49, "1 or 2"),
        (1994, 0, "3"),
        (1681, 0, "3"),
        (1679, 0, "4"),
        (2100, 0.5, "3"),
        (2100, 1.0, "4"),
        (2100, 5.0, "4"),  # deaths alone do not tell phase 5
        (1049, 0, "4"),  # nor does energy
        (1049, 1.99, "4"),
        (1049, 2.0, "5"),
    ],
)
def test_where_an_indication_steps_up(kcal: float, deaths: float, phase: str) -> None:
    assert PHASES[int(indication(np.array(kcal), np.array(deaths)))] == phase


def test_an_indication_never_improves_with_less_food_or_more_deaths() -> None:
    kcal, deaths = np.meshgrid(np.arange(0, 2200, 7.0), np.arange(0, 4, 0.05))
    found = indication(kcal, deaths)
    assert (np.diff(found, axis=1) <= 0).all()
    assert (np.diff(found, axis=0) >= 0).all()


def phases_at_the_end(made: SimpleNamespace) -> list[float]:
    """Return the shares of campaigns in each phase in Bazarak on the last day."""
    rows = outlook(made).query("place == 'bazarak'")
    return [float(rows[phase].iloc[-1]) for phase in ("phase_1_2", "phase_3", "phase_4", "phase_5")]


def test_shares_are_counted_over_campaigns() -> None:
    made = run([2100, 1800, 1500, 900], [0, 0, 0, 3])
    rows = outlook(made).query("place == 'bazarak'")
    assert phases_at_the_end(made) == [0.25, 0.25, 0.25, 0.25]
    last = rows.iloc[-1]
    assert (last["below_sphere"], last["kcal_p50"], last["food_days_p50"]) == (0.75, 1650, 16.5)
    assert last["lorries_p50"] == pytest.approx(0.4)
    assert outlook(run([2100, 600, 500]))["under_week"].iloc[-1] == pytest.approx(2 / 3)
    shares = rows[["phase_1_2", "phase_3", "phase_4", "phase_5"]]
    assert shares.sum(axis=1).to_numpy() == pytest.approx(1.0)


def test_unequal_shares_make_it_worse() -> None:
    assert phases_at_the_end(run([1800])) == [0, 1, 0, 0]
    assert phases_at_the_end(run([1800], inequality=0.7)) == [0, 0, 1, 0]  # the poorest third has 1,620


def test_an_older_run_has_no_outlook() -> None:
    made = run([2100])
    assert known(made)
    made.draws = made.draws.drop(columns="parameter:convoy.payload_t")
    assert not known(made)


def test_the_report_shows_the_worst_day_of_each_place() -> None:
    made = run([2100, 1800, 1500, 900], [0, 0, 0, 3])
    made.scenario = made.scenario.model_copy(
        update={"clock": made.scenario.clock.model_copy(update={"end": made.scenario.clock.start + DAY * (DAYS - 1)})}
    )
    section, needs = relief(made)  # type: ignore[arg-type]
    assert section is not None
    assert "not an IPC classification" in section.intro
    assert len(section.cards) == len(needs) == 7
    need = next(row for row in needs if row.place == "Bazarak")
    assert need.shares == ("25 %", "25 %", "25 %", "25 %")
    assert (need.below_sphere, need.people, need.lorries) == ("75 %", "10,000", "0.4")
    assert [trace["name"] for trace in section.cards[0].figure.traces] == ["5", "4", "3", "1 or 2"]
    made.draws = made.draws.drop(columns="parameter:hunger.inequality")
    assert relief(made) == (None, [])  # type: ignore[arg-type]


def test_it_stands_after_what_people_eat() -> None:
    parts = [Section(name, "", "", [], [], []) for name in ("food", "rations", "fighters")]
    new = Section("relief", "", "", [], [], [])
    assert [part.id for part in placed(parts, new)] == ["food", "rations", "relief", "fighters"]
    assert [part.id for part in placed(parts[:1], new)] == ["food", "relief"]
    assert placed(parts, None) == parts
