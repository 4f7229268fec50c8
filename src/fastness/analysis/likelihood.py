"""How likely a later report is, given what is true in a campaign: P(said | campaign), with the tables of pooling (M19).

Yes/no: a report says so with P(said | true) and P(said | false). Where they are not judged for the report, their ratio
is that of the Admiralty table, LR_item^weight, and the channel is taken as symmetric: P(said | true) = LR/(1 + LR). A
denial swaps them. Quantities: what is said is the truth on its scale (ln for positive numbers), shifted by the source's
interest, with the spread it admits, less weight for its grades and the spread between origins.

The k-th report of one origin on one target counts as much as it raises n_eff (M19). Nothing is ever certain: a report
that is established, as any other, is wrong, misdated or misread once in `1/FLOOR` cases.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fastness.analysis.reports import Report, Reports, claim_of
from fastness.parameters import Z95
from fastness.scenario.expressions import Call, Text, parse
from fastness.scenario.model import Scenario, Source
from fastness.scenario.pooling import PoolingHyper, Role, effective_number, favoured
from fastness.scenario.scales import Kind, Reading, forward, holds_date, read_claim, scale_of

Floats = npt.NDArray[np.float64]
#: chance that even an established report is wrong: no campaign is ruled out for good by one report. A convention: one
#: in a thousand, a tenth of the level at which a report is called a surprise, so that an established one can be one
FLOOR: Final = 0.001
#: a quantity counts as at least this where logarithms are taken: half a man, half a day
LEAST: Final = 0.5


@dataclass(frozen=True)
class Heard:
    """A report ready to be held against campaigns: its source, and how many of its origin spoke on it before."""

    report: Report
    source: Source
    before: int


@dataclass(frozen=True)
class Channel:
    """A quantity as said, and its distribution in each campaign: `said` on the scale, mean and sd of shape (n,)."""

    said: float
    mean: Floats
    sd: Floats


def heard(reports: Reports) -> tuple[Heard, ...]:
    """Return reports with their sources, each knowing how many reports of its origin on its target came before."""
    count: dict[tuple[str, str, str], int] = {}
    found = []
    for report in reports.rows:
        source = reports.sources[report.source]
        key = (source.origin, report.binds, report.target)
        found.append(Heard(report, source, count.get(key, 0)))
        if report.kind not in ("established", "unknown"):
            count[key] = count.get(key, 0) + 1
    return tuple(found)


def log_likelihoods(scenario: Scenario, given: Sequence[Heard], truth: Floats, hyper: PoolingHyper) -> Floats:
    """Return ln P(said | campaign) of reports.

    Parameters
    ----------
    scenario : Scenario
        Of the run.
    given : sequence of Heard
        The reports.
    truth : array
        What is true of each report's target, shape (campaigns, reports): 1 or 0, or the quantity.
    hyper : PoolingHyper
        Trust in sources, one element per campaign.

    Returns
    -------
    array
        Shape (campaigns, reports).
    """
    columns = [log_likelihood(scenario, each, truth[:, k], hyper) for k, each in enumerate(given)]
    return np.stack(columns, axis=1) if columns else np.empty((len(truth), 0))


def log_likelihood(scenario: Scenario, each: Heard, truth: Floats, hyper: PoolingHyper) -> Floats:
    """Return ln P(said | campaign) of one report, shape (campaigns,)."""
    if each.report.kind == "unknown":
        return np.zeros_like(truth)
    if not is_quantity(scenario, each.report):
        if_true, if_false = chances(each, hyper)
        return np.asarray(np.log(np.where(truth > 0.5, if_true, if_false)) * _share(each, hyper))
    channel = channel_of(scenario, each, truth, hyper)
    best = -np.log(channel.sd)
    own = best - 0.5 * ((channel.said - channel.mean) / channel.sd) ** 2
    return np.asarray(np.logaddexp(np.log1p(-FLOOR) + own, np.log(FLOOR) + best))


def is_quantity(scenario: Scenario, report: Report) -> bool:
    """Return whether a report is about how much, not about whether."""
    belief = scenario.beliefs.get(report.target) if report.binds == "belief" else None
    return report.gives_amount if belief is None else belief.chance is None


def chances(each: Heard, hyper: PoolingHyper) -> tuple[Floats, Floats]:
    """Return P(said | true) and P(said | false) of a yes/no report, each of shape (campaigns,)."""
    report, ones = each.report, np.ones_like(hyper.correlation)
    if report.said_if_true is not None and report.said_if_false is not None:
        judged = (report.said_if_true, report.said_if_false)
        return ones * np.clip(judged[0], FLOOR, 1 - FLOOR), ones * np.clip(judged[1], FLOOR, 1 - FLOOR)
    if report.kind == "established":
        right = ones * (1 - FLOOR)
    else:
        ratio = hyper.item_ratio[report.item_grade] ** hyper.source_weight[each.source.grade]
        right = np.clip(ratio / (1 + ratio), FLOOR, 1 - FLOOR)
    return (right, 1 - right) if report.stance == "supports" else (1 - right, right)


def _share(each: Heard, hyper: PoolingHyper) -> Floats:
    """Return as how much of an independent report it counts after those of its origin on its target."""
    if each.report.kind == "established":
        return np.ones_like(hyper.correlation)
    after = effective_number(each.before + 1, hyper.correlation)
    return np.asarray(after - (effective_number(each.before, hyper.correlation) if each.before else 0.0))


def channel_of(scenario: Scenario, each: Heard, truth: Floats, hyper: PoolingHyper) -> Channel:
    """Return what a report on a quantity says, and the normal distribution of what would be said in each campaign."""
    report = each.report
    kind, low, high, single, wide = _reading(scenario, report)
    ends = forward(kind, [low, high])
    known = forward(kind, np.maximum(truth, LEAST)) if kind == "ln" else forward(kind, truth)
    spread = np.full_like(known, (ends[1] - ends[0]) / (2 * Z95))
    if single:
        spread = np.full_like(known, wide) if kind == "linear" else hyper.single_spread * np.ones_like(known)
    shift, blur = _interest(each.source, _served(scenario, report), kind, hyper)
    if report.kind == "established":
        return Channel(float(ends.mean()), known, spread)
    weight = hyper.source_weight[each.source.grade] * hyper.item_weight[report.item_grade] * _share(each, hyper)
    variance = (spread**2 + blur**2) / weight + (hyper.spread**2 if kind != "linear" else 0.0)
    return Channel(float(ends.mean()), known + shift, np.sqrt(variance))


def _reading(scenario: Scenario, report: Report) -> tuple[Kind, float, float, bool, float]:
    """Return scale, low, high, whether it is one value, and the prior's width where there is no factor to go by."""
    if report.binds == "belief":
        belief = scenario.beliefs[report.target]
        reading = read_claim(claim_of(report), belief)
        scale = scale_of(belief)
        if not isinstance(reading, Reading) or holds_date(belief):
            message = f"report {report.id} gives no quantity"
            raise ValueError(message)
        return scale.kind, reading.low, reading.high, reading.single, scale.sd
    if report.value is not None:
        return "ln", report.value, report.value, True, 0.0
    return "ln", report.low or 0.0, report.high or 0.0, False, 0.0


def _interest(source: Source, serves: Role | None, kind: Kind, hyper: PoolingHyper) -> tuple[Floats, Floats]:
    """Return shift and blur by the source's interest, as pooling does."""
    nothing = np.zeros_like(hyper.correlation)
    if serves is None or kind == "linear" or source.interest == "none":
        return nothing, nothing
    if source.interest == serves:
        return hyper.own_inflation, nothing
    if source.interest in ("defender", "besieger"):
        return hyper.rival_inflation, nothing
    return nothing, hyper.own_inflation


def _served(scenario: Scenario, report: Report) -> Role | None:
    """Return the role whose interest a high value serves."""
    if report.binds == "belief":
        return favoured(scenario, scenario.beliefs[report.target])
    node = parse(report.target)
    ids = [part.value for part in node.arguments if isinstance(part, Text)] if isinstance(node, Call) else []
    side = next((name for name in ids if name in scenario.sides), None)
    return None if side is None else scenario.sides[side].role


def predictive(scenario: Scenario, each: Heard, truth: Floats, hyper: PoolingHyper, weight: Floats) -> float:
    """Return how likely the report was before it came: P(said) of a yes/no one, a two-sided tail of a quantity.

    `weight` sums to 1 over the campaigns. A quantity's tail is twice the smaller of P(at most this) and P(at least
    this) said, never under the floor.
    """
    from scipy.special import ndtr

    if each.report.kind == "unknown":
        return 1.0
    if not is_quantity(scenario, each.report):
        if_true, if_false = chances(each, hyper)
        return float(weight @ np.where(truth > 0.5, if_true, if_false))
    channel = channel_of(scenario, each, truth, hyper)
    under = float(weight @ ndtr((channel.said - channel.mean) / channel.sd))
    return max(FLOOR, 2 * min(under, 1 - under))


def hyper_of(names: Sequence[str], parameters: Floats) -> PoolingHyper:
    """Return the trust in sources that campaigns drew; `parameters` has shape (campaigns, names)."""
    columns: Mapping[str, Floats] = {
        name: parameters[:, k] for k, name in enumerate(names) if name.startswith("information.")
    }
    return PoolingHyper.from_draws(columns)
