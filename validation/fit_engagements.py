"""Fit the engagement parameters to the battle file and print them with war-bootstrap errors.

    python validation/fit_engagements.py [--resamples 100] [--write]

What is printed was carried by hand, rounded, into src/fastness/registry/engagements.toml. `--write` stores what a
back-test of other battles needs to know of these: how many, of which wars, and the baselines fitted to them.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

import numpy as np
from battles import NOTHING_TO_READ, battle_file
from numpy.random import Generator, default_rng

from fastness.history.battle_baselines import FITTED, fit_baselines
from fastness.history.battle_file import Battles, Floats, read_battles
from fastness.history.battle_fit import ALL_LOST, fit, fit_logit, maximise
from fastness.parameters import describe, registry

MODERN = 1900
"""Year from which battles last days rather than one day."""
ABOUT = "What is kept of the battles that registry/engagements.toml was fitted to; see validation/fit_engagements.py"


def fit_break(battles: Battles) -> dict[str, float]:
    """Fit how giving up depends on the loss so far, in two ways that bracket it, since 1900.

    Of two sides in one fight, which gives up? The other side is the risk set, so the day, the ground and the tempo
    cancel; losses of the pursuit, after the break, are in it: an upper bound. And day by day, a hazard with the loser's
    mean daily loss: fights that cost more are not over sooner, because the stubborn ones are both long and costly: a
    lower bound.
    """
    seen = battles.labelled & ~np.isnan(battles.days * battles.lost_attacker * battles.lost_defender)
    known = battles[seen & (battles.year >= MODERN)]
    lost_attacker = np.minimum(known.lost_attacker / known.attacker, ALL_LOST)
    lost_defender = np.minimum(known.lost_defender / known.defender, ALL_LOST)
    _, first = fit_logit(np.column_stack([np.ones(len(known)), lost_defender - lost_attacker]), known.wins)
    loser = np.where(known.wins > 0.5, lost_defender, lost_attacker)
    rate = -np.log1p(-loser) / known.days
    day = np.arange(1, known.days.max() + 1)
    lost = -np.expm1(-rate[:, None] * day)
    before, at_end = day < known.days[:, None], day == known.days[:, None]

    def loss(point: Floats) -> float:
        hazard = np.exp(point[0] + point[1] * lost)
        return float((hazard * before).sum() - np.log(-np.expm1(-hazard[at_end])).sum())

    _, daily = maximise(loss, np.array([-1.7, 0.0]))
    return {
        "break loss, who gives up": float(first),
        "break loss, day by day": float(daily),
        "ends per day": len(known) / float(known.days.sum()),
        "loser's loss half-way": float(np.median(loser)) / 2,
    }


def resampled(battles: Battles, generator: Generator) -> Battles:
    """Return the battles of as many wars as there are, drawn with replacement; a war drawn twice counts as two."""
    wars = np.unique(battles.war)
    parts = [np.flatnonzero(battles.war == war) for war in generator.choice(wars, len(wars))]
    drawn = battles[np.concatenate(parts)]
    war = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return Battles(*(war if field.name == "war" else getattr(drawn, field.name) for field in fields(Battles)))


def print_fit(battles: Battles, of: Callable[[Battles], dict[str, float]], resamples: int) -> None:
    """Print estimates, their 5 % and 95 % quantiles over resamples of wars, and what the registry says."""
    generator, found = default_rng(1), of(battles)
    drawn = np.array([list(of(resampled(battles, generator)).values()) for _ in range(resamples)])
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    for index, (name, value) in enumerate(found.items()):
        held = describe(registry()[name].prior) if name in registry() else ""
        print(f"{name:36}{value:9.3f}{low[index]:9.3f}{high[index]:9.3f}   {held}")


def rounded(value: Any) -> Any:  # noqa: ANN401 - plain data
    """Return plain data with its numbers to five places."""
    if isinstance(value, float):
        return round(value, 5)
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    return [rounded(part) for part in value] if isinstance(value, tuple) else value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--resamples", type=int, default=100, help="resamples of whole wars")
    parser.add_argument("--write", action="store_true", help=f"write {FITTED.name}")
    arguments = parser.parse_args()
    path = battle_file()
    if path is None:
        print(NOTHING_TO_READ)
        return
    file = read_battles(path)
    known = file.battles[file.battles.labelled]
    wars = [file.wars[war] for war in np.unique(known.war)]
    print(f"{len(known)} decided battles in {len(wars)} wars; {arguments.resamples} resamples of wars")
    print(f"{'':36}{'estimate':>9}{'5 %':>9}{'95 %':>9}   registry")
    for of in (fit, fit_break):
        print_fit(known, of, arguments.resamples)
    if arguments.write:
        kept = {"about": ABOUT, "battles": len(known), "wars": wars, "baselines": asdict(fit_baselines(file.battles))}
        FITTED.write_text(json.dumps(rounded(kept), indent=1) + "\n", encoding="utf-8")
        print(f"written: {FITTED}")


if __name__ == "__main__":
    main()
