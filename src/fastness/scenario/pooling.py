"""Contested information (M19): how the claims on one belief pool into the curve that campaigns draw from.

Everything is vectorised over campaigns, each with its own draw of how far to trust sources (`PoolingHyper`).

Quantities, on the scale of the belief (`scales`): established claims are the value itself. Otherwise claim i says y_i
with spread s_i, keeps the share w_i = (source weight) x (item weight) of its information, and has precision w_i/s_i^2.
Within an origin the k-th strongest of n claims adds as much as it would raise n_eff = k/(1+(k-1)rho), so n equal ones
count as n_eff and a weaker one never takes away. Between origins there is a spread tau: an origin of precision P has
the variance 1/P + tau^2. Prior and origins add their precisions.

Facts: the log odds of the prior plus, for each origin, the mean log likelihood ratio of its claims times n_eff.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from fastness.parameters import Z95, Floats, Normal, quantile, registry
from fastness.scenario.scales import Reading, Scale, forward, read_claim, scale_of

if TYPE_CHECKING:
    from fastness.scenario.model import Belief, Claim, Scenario, Source

Role = Literal["defender", "besieger"]
GRADES = "ABCDEF"
ITEMS = (1, 2, 3, 4, 5, 6)
CONFIRMED = 1


@dataclass(frozen=True)
class PoolingHyper:
    """How far sources are trusted, one array element per campaign.

    `own_inflation`, `rival_inflation`, `spread` (tau) and `single_spread` are in ln units (log odds for shares),
    `correlation` (rho) is 0-1, `source_weight` by grade A-F and `item_weight` by item grade 1-6 are shares, and
    `item_ratio` by item grade are likelihood ratios.
    """

    own_inflation: Floats
    rival_inflation: Floats
    correlation: Floats
    spread: Floats
    single_spread: Floats
    source_weight: Mapping[str, Floats]
    item_weight: Mapping[int, Floats]
    item_ratio: Mapping[int, Floats]

    @classmethod
    def from_draws(cls, draws: Mapping[str, Floats]) -> "PoolingHyper":
        """Pick the M19 parameters out of draws by registry name, each of shape (campaigns,)."""
        return cls(
            own_inflation=draws["information.own_inflation"],
            rival_inflation=draws["information.rival_inflation"],
            correlation=draws["information.origin_correlation"],
            spread=draws["information.source_spread"],
            single_spread=draws["information.single_value_spread"],
            source_weight={grade: draws[f"information.source_weight_{grade.lower()}"] for grade in GRADES},
            item_weight={item: draws[f"information.item_weight_{item}"] for item in ITEMS},
            item_ratio={item: draws[f"information.item_ratio_{item}"] for item in ITEMS},
        )

    @classmethod
    def typical(cls) -> "PoolingHyper":
        """Return the medians of the registry, as for a single campaign: what the ledger shows."""
        mine = (row for row in registry().values() if row.name.startswith("information."))
        return cls.from_draws({row.name: quantile(row.prior, [0.5]) for row in mine})


def effective_number(count: Floats | int, correlation: Floats) -> Floats:
    """Return as how many independent claims `count` equally correlated ones count: n/(1+(n-1)rho)."""
    return np.asarray(count / (1 + (count - 1) * correlation))


class Weighed(NamedTuple):
    """A claim on a quantity at work: `centre` and `precision` on the straightened scale, each per campaign."""

    claim: "Claim"
    origin: str
    centre: Floats
    precision: Floats


def pool_quantity(
    belief: "Belief",
    claims: Sequence["Claim"],
    sources: Mapping[str, "Source"],
    hyper: PoolingHyper,
    favours: Role | None = None,
) -> tuple[Floats, Floats]:
    """Pool the claims on a quantity.

    Parameters
    ----------
    belief : Belief
        The prior, with p5 and p95.
    claims : sequence of Claim
        The claims bound to it; their order does not matter.
    sources : mapping
        Sources by id.
    hyper : PoolingHyper
        Trust in sources, arrays of shape (n,).
    favours : {"defender", "besieger"}, optional
        Whose interest a high value serves (`favoured`); None: nobody's, and no claim is corrected for interest.

    Returns
    -------
    mean, sd : numpy.ndarray
        Of shape (n,), on the straightened scale: `scale_of(belief).back(mean + sd * z)` is a value in the belief's
        unit, a date as its day number.
    """
    scale = scale_of(belief)
    fixed = (scale.centre, 0.0) if scale.sd == 0 else _established(belief, claims, scale)
    if fixed is not None:
        shape = np.ones_like(hyper.correlation)
        return fixed[0] * shape, fixed[1] * shape
    precision = np.full_like(hyper.correlation, scale.sd**-2)
    weighted = precision * scale.centre
    for group in _by_origin(weigh_claims(belief, claims, sources, hyper, favours)).values():
        centre, strength = _pool_origin(group, hyper)
        precision = precision + strength
        weighted = weighted + strength * centre
    return weighted / precision, precision**-0.5


def _established(belief: "Belief", claims: Iterable["Claim"], scale: Scale) -> tuple[float, float] | None:
    """Return centre and sd of what is established, which bypasses pooling: a single value has sd 0."""
    certain = min((claim for claim in claims if settles(claim, belief)), key=lambda claim: claim.id, default=None)
    reading = None if certain is None else read_claim(certain, belief)
    if not isinstance(reading, Reading):
        return None
    low, high = (float(end) for end in scale.to(reading[:2]))
    return (low, 0.0) if reading.single else ((low + high) / 2, (high - low) / (2 * Z95))


def settles(claim: "Claim", belief: "Belief") -> bool:
    """Return whether a claim is established and says what the belief is about, so that it bypasses pooling."""
    if claim.kind != "established":
        return False
    return belief.chance is not None or isinstance(readable(claim, belief), Reading)


def weigh_claims(
    belief: "Belief",
    claims: Iterable["Claim"],
    sources: Mapping[str, "Source"],
    hyper: PoolingHyper,
    favours: Role | None,
) -> list[Weighed]:
    """Return every claim that gives a quantity, with where it points and how much it weighs, in the order of ids."""
    scale = scale_of(belief)
    return [
        _weigh(claim, reading, scale, sources[claim.source], hyper, favours)
        for claim in sorted(claims, key=lambda claim: claim.id)
        if isinstance(reading := readable(claim, belief), Reading)
    ]


def readable(claim: "Claim", belief: "Belief") -> Reading | str:
    """Return what a claim adds to a quantity, or why it adds nothing."""
    if claim.kind == "unknown":
        return "says that it is unknown"
    if claim.stance == "denies":
        return "denies a number without giving another"
    return read_claim(claim, belief)


def _weigh(
    claim: "Claim", reading: Reading, scale: Scale, source: "Source", hyper: PoolingHyper, favours: Role | None
) -> Weighed:
    bias, blur = _interest(source, scale, hyper, favours)
    low, high = (scale.straighten(point - bias) for point in forward(scale.kind, reading[:2]))
    centre = (low + high) / 2
    if not reading.single:
        spread = (high - low) / (2 * Z95)
    elif scale.kind == "linear":
        spread = np.full_like(centre, scale.sd)  # no unit to measure a factor of two in: as wide as the prior
    else:
        spread = scale.straighten(scale.centre + hyper.single_spread * np.where(centre < scale.centre, -1, 1))
        spread = np.abs(spread - scale.centre)
    weight = hyper.source_weight[source.grade] * hyper.item_weight[claim.item_grade]
    return Weighed(claim, source.origin, centre, weight / (spread**2 + blur**2))


def _interest(source: "Source", scale: Scale, hyper: PoolingHyper, favours: Role | None) -> tuple[Floats, Floats]:
    """Return the shift that a source's interest puts on a claim, and the blur where its direction is unknown."""
    nothing = np.zeros_like(hyper.correlation)
    if favours is None or scale.kind == "linear" or source.interest == "none":
        return nothing, nothing
    if source.interest == favours:
        return hyper.own_inflation, nothing
    if source.interest in ("defender", "besieger"):
        return hyper.rival_inflation, nothing
    return nothing, hyper.own_inflation


def _by_origin(weighed: Iterable[Weighed]) -> dict[str, list[Weighed]]:
    groups: dict[str, list[Weighed]] = {}
    for row in weighed:
        groups.setdefault(row.origin, []).append(row)
    return dict(sorted(groups.items()))


def _pool_origin(group: Sequence[Weighed], hyper: PoolingHyper) -> tuple[Floats, Floats]:
    """Return centre and precision of all that one origin says."""
    precision = np.stack([row.precision for row in group])
    total = precision.sum(axis=0)
    centre = sum(row.precision * row.centre for row in group) / np.where(total > 0, total, 1)
    counts = effective_number(np.arange(1.0, len(group) + 1)[:, None], hyper.correlation)
    shares = np.diff(counts, axis=0, prepend=0)
    own = (np.sort(precision, axis=0)[::-1] * shares).sum(axis=0)
    return centre, own / (1 + own * hyper.spread**2)


def pool_fact(
    belief: "Belief", claims: Sequence["Claim"], sources: Mapping[str, "Source"], hyper: PoolingHyper
) -> Floats:
    """Pool the claims on a yes/no fact.

    Parameters
    ----------
    belief, claims, sources, hyper
        As in `pool_quantity`; the belief has a `chance`.

    Returns
    -------
    numpy.ndarray
        Probability that the fact is true, of shape (n,). Established claims make it 1, or 0 where they deny.
    """
    if belief.chance is None:
        message = "a yes/no fact needs a chance"
        raise ValueError(message)
    certain = min((claim for claim in claims if settles(claim, belief)), key=lambda claim: claim.id, default=None)
    if certain is not None:
        return np.full_like(hyper.correlation, certain.stance == "supports")
    said = np.zeros_like(hyper.correlation)
    for ratios in ratios_by_origin(belief, claims, sources, hyper).values():
        said = said + np.mean(list(ratios.values()), axis=0) * effective_number(len(ratios), hyper.correlation)
    return update_odds(belief.chance, said)


def update_odds(chance: float, log_ratio: Floats) -> Floats:
    """Return the probability after evidence of this log likelihood ratio, of its shape: odds times ratio (Bayes)."""
    log_odds = forward("logit", chance) + log_ratio
    return np.asarray((1 + np.tanh(log_odds / 2)) / 2)


def ratios_by_origin(
    belief: "Belief", claims: Sequence["Claim"], sources: Mapping[str, "Source"], hyper: PoolingHyper
) -> dict[str, dict[str, Floats]]:
    """Return the log likelihood ratios that count, by origin and claim id."""
    found: dict[str, dict[str, Floats]] = {}
    for claim in sorted(claims, key=lambda claim: claim.id):
        if claim.kind != "unknown" and corroborated_by(claim, claims) is None:
            source = sources[claim.source]
            found.setdefault(source.origin, {})[claim.id] = log_ratio(belief, claim, source, hyper)
    return dict(sorted(found.items()))


def corroborated_by(claim: "Claim", claims: Iterable["Claim"]) -> str | None:
    """Return the confirmed claim (item grade 1) that already contains this one, if there is one.

    A confirmation is made of the others that say the same, so they are not counted again (M19, rule 4).
    """
    confirmed = [
        other.id
        for other in claims
        if other.item_grade == CONFIRMED and other.stance == claim.stance and other.kind != "unknown"
    ]
    first = min(confirmed, default=claim.id)
    return None if first == claim.id else first


def log_ratio(belief: "Belief", claim: "Claim", source: "Source", hyper: PoolingHyper) -> Floats:
    """Return the log likelihood ratio of one claim for the fact, of shape (n,).

    From P(it says so | so) and P(it says so | not so) of its source where both were elicited, else from the Admiralty
    table, `LR_item^w`. A denial is the inverse ratio.
    """
    if_true, if_false = belief.said_if_true.get(source.id), belief.said_if_false.get(source.id)
    if if_true is None or if_false is None:
        ratio = hyper.source_weight[source.grade] * np.log(hyper.item_ratio[claim.item_grade])
    elif if_true > 0 and if_false > 0:
        ratio = np.full_like(hyper.correlation, np.log(if_true / if_false))
    else:
        message = f"said_if_true and said_if_false of {source.id} must be more than 0"
        raise ValueError(message)
    return ratio if claim.stance == "supports" else -ratio


def claims_on(scenario: "Scenario", belief: str) -> tuple["Claim", ...]:
    """Return the claims bound to a belief."""
    return tuple(claim for claim in scenario.claims if claim.binds == "belief" and claim.target == belief)


def favoured(scenario: "Scenario", belief: "Belief") -> Role | None:
    """Return the role whose interest a high value serves: that of the side whose strength the belief sets, or None."""
    roles = {_role_of(scenario, path) for path in belief.sets}
    return roles.pop() if len(roles) == 1 else None


_STRENGTH = {
    "sides": ("reserve",),
    "forces": ("fighters", "quality", "vehicles", "armour", "artillery", "aircraft"),
    "stocks": ("food_t", "fuel_t", "ammunition_t", "supply_t_per_day"),
}


def _role_of(scenario: "Scenario", path: str) -> Role | None:
    table, _, rest = path.partition(".")
    entry, _, field = rest.partition(".")
    if field not in _STRENGTH.get(table, ()):
        return None
    if table == "sides":
        return scenario.sides[entry].role
    rows = scenario.forces if table == "forces" else scenario.stocks
    return next((scenario.sides[row.side].role for row in rows if row.id == entry), None)


def draw_belief(scenario: "Scenario", name: str, hyper: PoolingHyper, u: Floats) -> Floats:
    """Draw one belief for every campaign.

    Parameters
    ----------
    scenario : Scenario
        The checked scenario.
    name : str
        Id of the belief.
    hyper : PoolingHyper
        Trust in sources, arrays of shape (n,).
    u : numpy.ndarray
        Uniform numbers of shape (n,), one per campaign.

    Returns
    -------
    numpy.ndarray
        Of shape (n,): values in the belief's unit, dates as day numbers (`datetime.date.fromordinal`), and 1 or 0 for
        a yes/no fact, true where `u` is under its probability.
    """
    belief, claims = scenario.beliefs[name], claims_on(scenario, name)
    sources = {source.id: source for source in scenario.sources}
    if belief.chance is not None:
        return (u < pool_fact(belief, claims, sources, hyper)).astype(np.float64)
    mean, sd = pool_quantity(belief, claims, sources, hyper, favoured(scenario, belief))
    return scale_of(belief).back(mean + sd * quantile(Normal(0, 1), u))
