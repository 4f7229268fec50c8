"""One belief and the claims on it, held in the hand: grades and values are tried out and pooled again at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np

from fastness.parameters import Floats
from fastness.plot.drawing import Drawing
from fastness.plot.style import BLUE, MUTED, ORANGE, faded, template
from fastness.scenario.ledger import Curve, LedgerRow, ledger
from fastness.scenario.model import Belief, Claim, Scenario, Source
from fastness.scenario.pooling import PoolingHyper, claims_on, favoured, pool_fact, pool_quantity
from fastness.scenario.positions import Address
from fastness.scenario.scales import day_of, holds_date, scale_of

#: points of a drawn curve, and how far out it goes in standard deviations
POINTS, REACH = 161, 2.8
#: how far beyond prior and claims a value can be dragged
BEYOND: Final = 1.5


@dataclass
class Trial:
    """A belief with its claims and sources as they are tried out; what was changed is in `wanted`, by path."""

    scenario: Scenario
    belief: str
    wanted: dict[Address, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.claims: dict[str, Claim] = {claim.id: claim for claim in claims_on(self.scenario, self.belief)}
        self.sources: dict[str, Source] = {source.id: source for source in self.scenario.sources}

    @property
    def prior(self) -> Belief:
        """The belief as it stood before the claims."""
        return self.scenario.beliefs[self.belief]

    def set_claim(self, claim: str, name: str, value: Any) -> None:  # noqa: ANN401 - a number or a word
        """Try another item grade, stance or value of a claim."""
        self.claims[claim] = self.claims[claim].model_copy(update={name: value})
        self.wanted["claims", claim, name] = f"{value:g}" if isinstance(value, float) else str(value)

    def set_item(self, claim: str, grade: str) -> None:
        """Try another item grade of a claim."""
        self.set_claim(claim, "item_grade", int(grade))

    def set_grade(self, source: str, grade: str) -> None:
        """Try another grade of a source, for all that it says."""
        self.sources[source] = self.sources[source].model_copy(update={"grade": grade})
        self.wanted["sources", source, "grade"] = grade

    def changed(self) -> Scenario:
        """Return the scenario with what is tried out."""
        claims = tuple(self.claims.get(claim.id, claim) for claim in self.scenario.claims)
        return self.scenario.model_copy(update={"claims": claims, "sources": tuple(self.sources.values())})

    def row(self) -> LedgerRow:
        """Return the belief's row of the ledger, with what is tried out."""
        alone = self.changed().model_copy(update={"beliefs": {self.belief: self.prior}})
        return ledger(alone)[0]

    def span(self, row: LedgerRow) -> tuple[float, float]:
        """Return how far a value can be dragged: over the prior and all that is claimed, and somewhat beyond."""
        ends = [float(end) for end in row.prior or () if not isinstance(end, date)]
        ends += [end for claim in row.claims for end in (claim.low, claim.high) if end is not None]
        low, high = min(ends, default=0.0), max(ends, default=1.0)
        if scale_of(self.prior).kind == "logit":
            return 0.01, 0.99
        return low / BEYOND if low > 0 else low * BEYOND, high * BEYOND if high > 0 else high / BEYOND


def pooled_shape(scenario: Scenario, name: str) -> tuple[Floats, Floats]:
    """Return the curve that campaigns draw a quantity from: values in its unit, and density relative to its top."""
    belief = scenario.beliefs[name]
    sources = {source.id: source for source in scenario.sources}
    hyper = PoolingHyper.typical()
    mean, sd = pool_quantity(belief, claims_on(scenario, name), sources, hyper, favoured(scenario, belief))
    return shape(belief, float(mean[0]), float(sd[0]))


def shape(belief: Belief, mean: float, sd: float) -> tuple[Floats, Floats]:
    """Return values and relative density of a normal curve on the belief's scale."""
    z = np.linspace(-REACH, REACH, POINTS)
    values = scale_of(belief).back(mean + sd * z)
    if sd == 0:
        return values[:1], np.ones(1)
    step = np.abs(np.gradient(values, z))
    density = np.exp(-(z**2) / 2) / np.maximum(step, step.max() * 1e-9)
    return values, density / density.max()


def chance_of(scenario: Scenario, name: str) -> float:
    """Return the pooled probability of a fact."""
    sources = {source.id: source for source in scenario.sources}
    found = pool_fact(scenario.beliefs[name], claims_on(scenario, name), sources, PoolingHyper.typical())
    return float(found[0])


def drawing(trial: Trial) -> dict[str, Any]:
    """Draw prior, pooled curve as it is written and as it is tried out, and below them what is claimed."""
    return _fact(trial) if trial.prior.chance is not None else _quantity(trial)


def _quantity(trial: Trial) -> dict[str, Any]:
    drawn, belief, row = Drawing(), trial.prior, trial.row()
    scale = scale_of(belief)
    curves: dict[str, tuple[tuple[Floats, Floats], str, str, str | None]] = {
        "before any claim": (shape(belief, scale.centre, scale.sd), MUTED, "dot", None)
    }
    if trial.wanted:
        curves["pooled, as saved"] = (pooled_shape(trial.scenario, trial.belief), BLUE, "dash", None)
    curves["pooled"] = (pooled_shape(trial.changed(), trial.belief), BLUE, "solid", faded(BLUE, 0.18))
    for name, ((values, density), colour, dash, fill) in curves.items():
        drawn.add(
            "scatter", x=_shown(belief, values), y=density, mode="lines", name=name,
            line={"color": colour, "width": 2, "dash": dash},
            fill="tozeroy" if fill else None, fillcolor=fill, hovertemplate="%{x}<extra>" + name + "</extra>",
        )  # fmt: skip
    counted = [claim for claim in row.claims if claim.low is not None and claim.high is not None]
    for number, claim in enumerate(counted):
        ends = np.array([claim.low, claim.high], dtype=np.float64)
        at = -0.12 - 0.13 * number
        drawn.add(
            "scatter", x=_shown(belief, ends), y=[at, at], mode="lines+markers", showlegend=False, name=claim.id,
            line={"color": ORANGE, "width": 1 + 6 * (claim.weight or 0)}, marker={"size": 7, "color": ORANGE},
            hovertemplate=f"{claim.id} ({claim.grade}): %{{x}}<extra></extra>",
        )  # fmt: skip
    unit = "" if belief.unit == "1" or holds_date(belief) else f" [{belief.unit}]"
    ticks = {"tickvals": [-0.12 - 0.13 * k for k in range(len(counted))], "ticktext": [claim.id for claim in counted]}
    return _laid_out(drawn, trial.belief + unit, 190 + 22 * len(counted), ticks)


def _fact(trial: Trial) -> dict[str, Any]:
    drawn, row = Drawing(), trial.row()
    saved = chance_of(trial.scenario, trial.belief)
    rows = [("before any claim", row.chance, MUTED), ("pooled", row.pooled_chance, BLUE)]
    if trial.wanted:
        rows.insert(1, ("pooled, as saved", saved, faded(BLUE, 0.5)))
    drawn.add(
        "bar", x=[100 * (chance or 0) for _, chance, _ in rows], y=[name for name, _, _ in rows], orientation="h",
        marker={"color": [colour for _, _, colour in rows]}, hovertemplate="%{x:.0f} %<extra></extra>",
        text=[f"{100 * (chance or 0):.0f} %" for _, chance, _ in rows], textposition="outside", cliponaxis=False,
        showlegend=False,
    )  # fmt: skip
    found = _laid_out(drawn, "probability [%]", 170, {})
    found["layout"]["xaxis"]["range"] = [0, 100]
    found["layout"]["yaxis"] = {"autorange": "reversed", "ticks": ""}
    found["layout"]["margin"]["l"] = 120
    return found


def _laid_out(drawn: Drawing, title: str, height: int, ticks: Mapping[str, Any]) -> dict[str, Any]:
    drawn.layout.update(
        height=height, margin={"t": 30, "b": 46, "l": 64, "r": 12},
        xaxis={"title": {"text": title}, "showgrid": False},
        yaxis={**ticks, "showgrid": False, "zeroline": False, "ticks": ""},
        legend={"orientation": "h", "y": 1.18, "x": 0},
    )  # fmt: skip
    drawn.layout["template"] = template()
    return drawn.document()


def _shown(belief: Belief, values: Floats) -> list[Any]:
    if holds_date(belief):
        return [day_of(float(value)).isoformat() for value in values]
    return [float(f"{value:.5g}") for value in values]


def said(row: LedgerRow) -> str:
    """Say prior and pooled curve in numbers."""
    if row.chance is not None and row.pooled_chance is not None:
        return f"{100 * row.chance:.0f} % → {100 * row.pooled_chance:.0f} %"
    if row.prior is None or row.pooled is None:
        return ""
    return f"{_numbers(row.prior)} → {_numbers(row.pooled)}" + ("" if row.unit == "1" else f" {row.unit}")


def _numbers(curve: Curve) -> str:
    return " – ".join(each.isoformat() if isinstance(each, date) else f"{float(f'{each:.3g}'):,g}" for each in curve)
