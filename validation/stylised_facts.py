"""Hold the model against stylised facts, inputs and outputs told apart, and write the page.

    python validation/stylised_facts.py [--campaigns 100] [--write]

Sizes of events, season, length of sieges, ground lost while the force lives, roads, famine at known rations, aid that
needs a way in. The rows about sieges need data/siege_predictors.csv and data/siege_outcomes.csv of the folder that
FASTNESS_SHARED names, and are left out without them. Exits with 1 if an output is missed.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from campaigns import play
from event_sizes import BETWEEN_WARS, PUBLISHED, Z95, fit, raids_and_assaults
from facts import Fact, Kind, page
from fit_hunger import LENINGRAD, PEOPLE, TARGETS, deaths, leningrad, parameters, starving_median
from record import code, met, record
from sieges import folder
from stylised_sieges import Sieges, corridors, duration, ground_and_force, incidence, play_sieges, seasons
from svg import Bar, bars, curves

from fastness.analysis.estimate import jeffreys
from fastness.compile import compile_scenario
from fastness.history.cases import read_cases
from fastness.history.outcomes import read_outcomes
from fastness.history.siege_backtest import matched
from fastness.kernel.events import PATRON_AIDS
from fastness.kernel.state import Parameters
from fastness.kernel.world import DEFENDER
from fastness.parameters import quantile, registry
from fastness.scenario import Scenario, load

PAGE = Path(__file__).parents[1] / "docs" / "validation" / "stylised-facts.md"
SEED = 1
#: campaigns of panjshir-2021 for the sizes of raids, and for aid with and without a way in
RAIDING, AIDING = 400, 100
#: draws of the hunger parameters for the intervals
DRAWN = 200
#: chance that each patron aids within 90 days, where aid is to come for certain
SURE = 0.9
#: letters of a name in the picture
ROOM = 38
#: a famine's deaths are called met within this factor: the dead of a siege are not counted better
FACTOR = 2.0


def sizes() -> list[Fact]:
    """Return the exponent of the sizes of raids."""
    raids, _ = raids_and_assaults("panjshir-2021", SEED, RAIDING)
    found = fit(raids)
    if found is None:
        return []
    fine = abs(found.alpha - PUBLISHED) <= BETWEEN_WARS
    name = f"exponent of the sizes of raids (from {found.x_min:g} men on)"
    said, source = f"{PUBLISHED} ± {BETWEEN_WARS}", "nine wars (Bohorquez et al. 2009)"
    half = Z95 * found.error
    return [Fact(name, said, source, found.alpha, found.alpha - half, found.alpha + half, PUBLISHED, "", met(fine),
                 "output")]  # fmt: skip


def hunger_draws() -> list[Parameters]:
    """Return the hunger parameters drawn from their priors, as the kernel's functions take them."""
    rows = [row for row in registry().values() if row.name.startswith("hunger.")]
    uniforms = np.random.default_rng(SEED).random((DRAWN, len(rows)))
    return [
        parameters(**{row.field: float(quantile(row.prior, u)) for row, u in zip(rows, line, strict=True)})
        for line in uniforms
    ]


def winter(par: Parameters) -> float:
    """Return deaths per 10,000 people and day of half a year on the official rations of the Dutch winter."""
    kcal = np.concatenate([np.linspace(1400.0, 600.0, 120), np.full(60, 600.0)])
    return float(deaths(kcal, par, 0.5)[-1] / 180 * 1e4)


def warsaw(par: Parameters) -> float:
    """Return deaths per 10,000 people and day in the ninth month on 1,125 kcal."""
    dead = deaths(np.full(270, 1125.0), par)
    return float((dead[269] - dead[239]) / 30 * 1e4)


def famine() -> list[Fact]:
    """Return deaths at known rations: of Leningrad, to which hunger was fitted, and elsewhere."""
    middle, draws = parameters(), hunger_draws()
    months = [leningrad(par) for par in draws]
    known = TARGETS | {"Dec": 53000.0 / PEOPLE / 31 * 1e4, "Mar": 90000.0 / PEOPLE / 31 * 1e4}
    found = []
    for month, value in leningrad(middle).items():
        name = f"deaths per 10,000 a day, Leningrad at {LENINGRAD:.0f} kcal, {month}"
        kind: Kind = "fitted" if month in TARGETS else "output"
        found.append(hungry(name, value, [each[month] for each in months], known[month], "M10", kind))
    others: tuple[tuple[str, Callable[[Parameters], float], float, str, Kind], ...] = (
        (
            "days until half have died without food",
            starving_median,
            TARGETS["zero food"],
            "1981, from memory",
            "fitted",
        ),
        ("deaths per 10,000 a day, Warsaw ghetto, July 1941, 1,125 kcal", warsaw, 4.1, "M10, from memory", "output"),
        ("deaths per 10,000 a day, Dutch winter, official rations", winter, 0.26, "M10, from memory", "output"),
    )
    for name, of, seen, source, kind in others:
        found.append(hungry(name, of(middle), [of(par) for par in draws], seen, source, kind))
    return found


def hungry(name: str, value: float, spread: Sequence[float], seen: float, source: str, kind: Kind) -> Fact:
    """Return a fact of hunger: met within `FACTOR`; the interval is the 5-95 % range of the priors."""
    low, high = np.quantile(spread, [0.05, 0.95])
    fine = seen / FACTOR <= value <= seen * FACTOR
    return Fact(name, f"{seen:.3g}", source, value, float(low), float(high), seen, "", met(fine), kind)


def aid() -> list[Fact]:
    """Return in how many campaigns with aid some of it arrives: without a way in, and with one."""
    found = []
    for text, place, seen in (("no way in", "kabul", 0.0), ("a way in", "bazarak", 1.0)):
        compiled = compile_scenario(aided(place))
        state = play(compiled, SEED, 0, AIDING)
        event, sent = np.asarray(state.event), np.asarray(state.patron)["sent_t"]
        ours = np.asarray(compiled.world.patron)["side"] == DEFENDER
        told = np.arange(event.shape[1])[None, :] < np.asarray(state.tally)["events"]
        began = (told & (event["kind"] == PATRON_AIDS) & (event["side"] == DEFENDER)).any(axis=1)
        arrived = sent[began][:, ours].sum(axis=1) > 0
        low, high = jeffreys(int(arrived.sum()), len(arrived))
        share = float(arrived.mean())
        fine = share == 0.0 if seen == 0.0 else share > 1 / FACTOR
        name = f"campaigns with aid in which a tonne arrives, {text} ({len(arrived)} campaigns)"
        said = "none" if seen == 0.0 else "most"
        source = "M16, M09: support matters only if it can enter"
        found.append(Fact(name, said, source, share, low, high, seen, "", met(fine), "input"))
    return found


def aided(through: str) -> Scenario:
    """Return panjshir-2021 with willing patrons of the defender, whose aid enters at one place and not by air."""
    scenario = load("panjshir-2021")
    friends = {each.id for each in scenario.patrons if each.favours == "nrf"}
    willing = {"through": through, "by_air": False, "aid_t_per_day": 10.0}
    patrons = tuple(
        each.model_copy(update={"aid": SURE, **willing}) if each.id in friends else each for each in scenario.patrons
    )
    doubted = {f"patrons.{name}.aid" for name in friends}
    beliefs = {
        name: each.model_copy(update=dict.fromkeys(("p5", "p50", "p95"), SURE)) if doubted & set(each.sets) else each
        for name, each in scenario.beliefs.items()
    }
    return scenario.model_copy(update={"patrons": patrons, "beliefs": beliefs})


def sieges_played(campaigns: int) -> Sieges | None:
    """Play the training cases; None without the data."""
    if not (folder() / "siege_outcomes.csv").exists():
        print("siege_outcomes.csv is absent: set FASTNESS_SHARED to the folder that holds data/siege_outcomes.csv")
        return None
    ended = read_outcomes(folder() / "siege_outcomes.csv").rows
    pairs = matched(read_cases(folder() / "siege_predictors.csv").rows, ended)
    return play_sieges([case for case, _ in pairs], [outcome for _, outcome in pairs], campaigns)


def picture(facts: Sequence[Fact]) -> str:
    """Draw the model's values as multiples of the facts' (those that are not 0)."""
    rows = [
        Bar(label(fact.name), *(cap(each, fact.seen) for each in (fact.model, fact.low, fact.high)), beside=1.0)
        for fact in facts
        if fact.seen != 0
    ]
    return bars(rows, title="model's value over the fact's", axis="model / fact (cut off at 4)", mark=1.0)


def label(name: str) -> str:
    """Return as many of a name's last parts as the picture has room for."""
    parts = name.split(", ")
    while len(parts) > 1 and len(", ".join(parts)) > ROOM:
        del parts[0]
    return ", ".join(parts)[:ROOM]


def cap(value: float | None, seen: float) -> float | None:
    """Return a value over the fact's, between -1 and 4."""
    return None if value is None else min(max(value / seen, -1.0), 4.0)


def main() -> int:
    """Do it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--campaigns", type=int, default=100, help="of each siege")
    parser.add_argument("--write", action="store_true", help="renew docs/validation/stylised-facts.md")
    given = parser.parse_args()
    played = sieges_played(given.campaigns)
    of_sieges = [part(played) for part in (seasons, duration, ground_and_force, corridors)] if played else []
    facts = [fact for part in (sizes(), *of_sieges, famine(), aid()) for fact in part]
    text = page(facts, len(played.cases) if played else 0, datetime.now(UTC).date(), code()[0])
    print(text)
    outputs = [fact for fact in facts if fact.kind == "output"]
    missed = [fact.name for fact in outputs if fact.verdict != "met"]
    if given.write and played:
        PAGE.write_text(text, encoding="utf-8")
        said = f"{len(outputs) - len(missed)} of {len(outputs)} facts that are outputs are met"
        said += f"; missed: {'; '.join(missed)}" if missed else ""
        record("stylised-facts", said, limit="every output met", verdict=met(not missed), picture=picture(facts))
        drawn = curves(incidence(played), title="share of sieges by day", axis="days since the start", top=1.0)
        (PAGE.parent / "results" / "stylised-sieges.svg").write_text(drawn, encoding="utf-8")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
