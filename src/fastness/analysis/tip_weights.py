"""How campaigns are weighted if a source, a group of sources or a belief is wrong by a factor: new curve over old one.

A claim in question is moved against its error and its belief pooled anew, for each campaign with its own trust in
sources, exactly as when it was drawn; the weight of a campaign is the density of the value that it drew under the new
curve over that under the old one.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import numpy.typing as npt

from fastness.analysis.drivers import Played
from fastness.scenario.pooling import (
    PoolingHyper,
    claims_on,
    effective_number,
    favoured,
    pool_fact,
    pool_quantity,
    ratios_by_origin,
    readable,
    settles,
    update_odds,
)
from fastness.scenario.scales import Reading, Scale, backward, forward, scale_of

if TYPE_CHECKING:
    from fastness.scenario.model import Belief, Claim, Scenario

Floats = npt.NDArray[np.float64]
Subject = Literal["origin", "interest", "belief"]
Error = Literal["too high", "too low", "leaning", "too sure"]
#: from a factor to the log weight of each campaign, up to a constant
Weigh = Callable[[float], Floats]
#: who or what is wrong, in which way, the claims in question, and the weights
Asked = tuple[Subject, str, Error, tuple[str, ...], Weigh]

#: a fact that one side of the pooling rules out cannot be re-weighted to
RULED_OUT: Final = 1e-12


def sources_wrong(played: Played) -> Iterator[Asked]:
    """Yield each origin and each group of one interest, with each way in which it can be wrong."""
    scenario, hyper = played.scenario, _hyper(played)
    sources = {source.id: source for source in scenario.sources}
    told = set()
    for origin in sorted({source.origin for source in sources.values()}):
        mine = {each.id for each in sources.values() if each.origin == origin}
        for asked in _ways(played, hyper, "origin", origin, mine, leaning=False):
            told.add(asked[2:4])
            yield asked
    for interest in sorted({source.interest for source in sources.values()} - {"none"}):
        mine = {each.id for each in sources.values() if each.interest == interest}
        ways = _ways(played, hyper, "interest", interest, mine, leaning=interest in ("defender", "besieger"))
        yield from (asked for asked in ways if asked[2:4] not in told)  # a group of one origin is told once


def _ways(
    played: Played, hyper: PoolingHyper, subject: Subject, name: str, mine: set[str], *, leaning: bool
) -> Iterator[Asked]:
    numbers, facts = _in_question(played, mine)
    beliefs = played.scenario.beliefs
    sided = {each: rows for each, rows in numbers.items() if leaning and favoured(played.scenario, beliefs[each])}
    rest = {each: rows for each, rows in numbers.items() if each not in sided}
    if sided:
        yield subject, name, "leaning", _ids(sided), _Reweigh(played, hyper, sided, leans=name)
    if rest:
        yield subject, name, "too high", _ids(rest), _Reweigh(played, hyper, rest, power=1.0)
        yield subject, name, "too low", _ids(rest), _Reweigh(played, hyper, rest, power=-1.0)
    if facts:
        yield subject, name, "too sure", _ids(facts), _Reweigh(played, hyper, facts)


def _in_question(played: Played, mine: set[str]) -> tuple[dict[str, list["Claim"]], dict[str, list["Claim"]]]:
    """Return the claims of some sources that count, by belief: on quantities, and on facts."""
    numbers: dict[str, list[Claim]] = {}
    facts: dict[str, list[Claim]] = {}
    varying = {name.removeprefix("belief:") for name in played.names if name.startswith("belief:")}
    for name, belief in played.scenario.beliefs.items():
        claims = claims_on(played.scenario, name)
        if name not in varying or any(settles(claim, belief) for claim in claims):
            continue
        said = [claim for claim in claims if claim.source in mine and claim.kind != "unknown"]
        if belief.chance is not None:
            facts |= {name: said} if said else {}
        elif _two_sided(scale_of(belief)):
            readings = [claim for claim in said if isinstance(readable(claim, belief), Reading)]
            numbers |= {name: readings} if readings else {}
    return numbers, facts


def _two_sided(scale: Scale) -> bool:
    """Return whether values on a scale by factors can be told apart everywhere."""
    return scale.kind != "linear" and min(scale.left, scale.right) > 0


def _ids(claims: dict[str, list["Claim"]]) -> tuple[str, ...]:
    return tuple(sorted(claim.id for rows in claims.values() for claim in rows))


def _hyper(played: Played) -> PoolingHyper:
    """Return each campaign's own trust in sources."""
    prefix = "parameter:information."
    return PoolingHyper.from_draws(
        {name.removeprefix("parameter:"): played.draws[name].to_numpy(dtype=np.float64)
         for name in played.draws.columns if name.startswith(prefix)}
    )  # fmt: skip


class _Reweigh:
    """Log weights of campaigns if some sources are wrong by a factor; what does not depend on it is computed once."""

    def __init__(
        self, played: Played, hyper: PoolingHyper, claims: dict[str, list["Claim"]], *,
        power: float = 1.0, leans: str | None = None,
    ) -> None:  # fmt: skip
        self._scenario: Scenario = played.scenario
        self._hyper = hyper
        self._wrong = {claim.id for rows in claims.values() for claim in rows}
        self._values = {name: played.draws[f"belief:{name}"].to_numpy(dtype=np.float64) for name in claims}
        self._power = {name: self._power_of(name, power, leans) for name in claims}
        self._before = {name: self._log_density(name, 1.0) for name in claims}

    def _power_of(self, name: str, power: float, leans: str | None) -> float:
        """Return which way numbers are wrong; a leaning source flatters its own side and belittles the other."""
        if leans is None:
            return power
        serves = favoured(self._scenario, self._scenario.beliefs[name])
        return 1.0 if serves == leans else -1.0

    def __call__(self, factor: float) -> Floats:
        """Return the log weight of each campaign, up to a constant."""
        moved = [self._log_density(name, factor) - before for name, before in self._before.items()]
        return np.asarray(np.sum(moved, axis=0), dtype=np.float64)

    def _log_density(self, name: str, factor: float) -> Floats:
        scenario = self._scenario
        belief, claims, values = scenario.beliefs[name], claims_on(scenario, name), self._values[name]
        sources = {source.id: source for source in scenario.sources}
        if belief.chance is not None:
            said = np.zeros_like(values)
            for ratios in ratios_by_origin(belief, claims, sources, self._hyper).values():
                moved = [self._weakened(claim, ratio, factor, claims) for claim, ratio in ratios.items()]
                said = said + np.mean(moved, axis=0) * effective_number(len(ratios), self._hyper.correlation)
            return _log_chance(update_odds(belief.chance, said), values)
        step = self._power[name] * np.log(factor)
        moved_claims = [moved_claim(claim, belief, step) if claim.id in self._wrong else claim for claim in claims]
        mean, sd = pool_quantity(belief, moved_claims, sources, self._hyper, favoured(scenario, belief))
        return _log_normal(scale_of(belief).to(values), mean, sd)

    def _weakened(self, claim: str, ratio: Floats, factor: float, claims: Sequence["Claim"]) -> Floats:
        if claim not in self._wrong:
            return ratio
        supports = next(each for each in claims if each.id == claim).stance == "supports"
        return np.asarray(ratio - np.log(factor) if supports else ratio + np.log(factor), dtype=np.float64)


def moved_claim(claim: "Claim", belief: "Belief", step: float) -> "Claim":
    """Return a claim whose numbers are lower by a step of the belief's plain scale."""
    reading = readable(claim, belief)
    if not isinstance(reading, Reading):
        return claim
    kind = scale_of(belief).kind
    low, high = (float(backward(kind, forward(kind, end) - step)) for end in reading[:2])
    numbers = {"value": low} if reading.single else {"value": None, "words": None, "low": low, "high": high}
    return claim.model_copy(update=numbers)


def _log_normal(at: Floats, mean: Floats, sd: Floats) -> Floats:
    return np.asarray(-0.5 * ((at - mean) / sd) ** 2 - np.log(sd), dtype=np.float64)


def _log_chance(chance: Floats, true: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(np.where(true > 0, chance, 1 - chance), RULED_OUT)), dtype=np.float64)


def beliefs_wrong(played: Played) -> Iterator[Asked]:
    """Yield each belief with its whole curve too high or too low; of a fact, its odds. Dates have no factor."""
    scenario, hyper = played.scenario, _hyper(played)
    sources = {source.id: source for source in scenario.sources}
    for name, belief in scenario.beliefs.items():
        if f"belief:{name}" not in played.names or (belief.chance is None and not _two_sided(scale_of(belief))):
            continue
        claims, values = claims_on(scenario, name), played.draws[f"belief:{name}"].to_numpy(dtype=np.float64)
        if belief.chance is not None:
            moved = _moved_odds(pool_fact(belief, claims, sources, hyper), values)
        else:
            pooled = pool_quantity(belief, claims, sources, hyper, favoured(scenario, belief))
            moved = _moved_curve(scale_of(belief), *pooled, values)
        for error, power in (("too high", 1.0), ("too low", -1.0)):
            yield "belief", name, error, _ids({name: list(claims)}), _powered(moved, power)  # type: ignore[misc]


def _powered(moved: Callable[[float], Floats], power: float) -> Weigh:
    return lambda factor: moved(power * float(np.log(factor)))


def _moved_odds(chance: Floats, values: Floats) -> Callable[[float], Floats]:
    inside = np.clip(chance, RULED_OUT, 1 - RULED_OUT)
    odds = forward("logit", inside)
    return lambda step: _log_chance(backward("logit", odds - step), values) - _log_chance(inside, values)


def _moved_curve(scale: Scale, mean: Floats, sd: Floats, values: Floats) -> Callable[[float], Floats]:
    """Return the log weights if a curve is lower by a step of the plain scale; its width there stays as it is."""
    at = scale.to(values)
    centre = forward(scale.kind, scale.back(mean))
    return lambda step: _log_normal(at, scale.straighten(centre - step), sd) - _log_normal(at, mean, sd)
