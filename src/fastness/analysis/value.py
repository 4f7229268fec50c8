"""Value of information: which public claim is most worth verifying next. It never means whom or what to aim at.

If a belief or a latent truth x were known exactly, a question's uncertainty would fall, on average over what one would
find, by

- Var E[y | x], in Brier: the expected score of an honest forecast is p(1 - p), and this is the expected fall of it. It
  is the belief's first-order share times p(1 - p): for a fact from its two strata exactly, for a quantity from an
  adjusted regression on polynomials of its rank (`analysis.surrogate`);
- I(y; x), in bits: the mutual information, from equal groups of campaigns along x, less the (groups - 1)/(2 n ln 2)
  that as many groups show by chance (Miller 1955).

That is the expected value of partial perfect information of Strong, Oakley and Brennan 2014 (Medical Decision Making
34:311) with a proper score for the utility, from draws already stored. Intervals are from the bootstrap; the chance
level is as in `analysis.drivers`.

A claim is valued through its belief. *Settled*: what is learnt by finding out whether it is true, for a fact all of it,
for a quantity whether the value lies where the claim says (its range; for a single value, within the spread with which
such values are read, a factor of two). *Another*: one more independent report of the same weight.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from fastness.analysis.drivers import POINTS, Played, asked, can_tell, completed
from fastness.analysis.inputs import FEWEST
from fastness.analysis.shares import Share
from fastness.analysis.surrogate import RESAMPLES, SEED, basis, bootstrap, chance_level, first_order
from fastness.analysis.words import percent
from fastness.errors import AnalysisError
from fastness.scenario.pooling import (
    PoolingHyper,
    claims_on,
    corroborated_by,
    favoured,
    log_ratio,
    readable,
    settles,
    weigh_claims,
)
from fastness.scenario.scales import Reading, backward, forward, scale_of

if TYPE_CHECKING:
    from fastness.ensemble import Ensemble
    from fastness.scenario.model import Belief, Claim, Scenario, Source

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

#: claims on the first screen of the report
FIRST: Final = 3


@dataclass(frozen=True, slots=True)
class ClaimValue:
    """What verifying one claim is worth: shares of the question's p(1 - p) [1], and P if it is true and if it is not.

    `settled` is None, with P, where nearly all campaigns agree already on whether the claim is true.
    """

    id: str
    statement: str
    source: str
    grade: str
    date: datetime.date
    settled: float | None
    another: float
    if_true: float | None
    if_false: float | None


@dataclass(frozen=True, slots=True)
class BeliefValue:
    """What knowing one belief exactly is worth.

    `share` of the question's p(1 - p) [1], `brier` the same as the expected fall of the Brier score, `bits` the mutual
    information [bit]. `mean_share` is over all questions that can be told, `moves` those of them for which it is more
    than chance. Without `claims` nothing public speaks for or against it.
    """

    id: str
    fact: bool
    share: Share
    brier: Share
    bits: Share
    beyond_chance: bool
    mean_share: float
    moves: tuple[str, ...]
    claims: tuple[ClaimValue, ...]


@dataclass(frozen=True, slots=True)
class VerifyNext:
    """Beliefs by what they are worth for one question, most first; `overall` their ids by the mean over all questions.

    `uncertainty` is the question's p(1 - p), `entropy` the same in bits, `chance` the chance level of a share.
    """

    run: str
    question: str
    text: str
    probability: float
    campaigns: int
    uncertainty: float
    entropy: float
    chance: float
    beliefs: tuple[BeliefValue, ...]
    overall: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """Return it as plain data for `--json`."""
        found = asdict(self)
        for belief in found["beliefs"]:
            for claim in belief["claims"]:
                claim["date"] = claim["date"].isoformat()
        return found


def verify_next(ensemble: "Ensemble", *, question: str | None = None, overall: bool = True) -> VerifyNext:
    """Say what knowing each belief, and verifying each claim, is worth.

    Parameters
    ----------
    ensemble : Ensemble
        A run; campaigns that failed are left out.
    question : str, optional
        Id; None: the scenario's first question.
    overall : bool
        Whether to look at all other questions too, which takes longer.

    Raises
    ------
    AnalysisError
        FS401 for a question that the run does not have, FS402 where no campaign was completed, FS440 where too few
        campaigns decide the question one way.
    """
    name = one_question(ensemble.scenario, question)
    return value_of(completed(ensemble), name, overall=overall)


def one_question(scenario: "Scenario", question: str | None) -> str:
    """Return the question meant; FS401 if there is no such one, FS440 if the scenario asks nothing."""
    names = asked(scenario, None if question is None else [question])
    if not names:
        raise AnalysisError(code="FS440", message="the scenario asks no question", hint="add one to its questions")
    return names[0]


def told(played: Played, name: str) -> Floats:
    """Return whether a question held in each campaign; FS440 where too few campaigns decide it one way."""
    y = played.happened[name]
    if not can_tell(y):
        message = f"question '{name}' is yes in {int(y.sum())} of {len(y)} campaigns, too few on one side to tell why"
        raise AnalysisError(
            code="FS440", message=message, hint=f"ask about one with {FEWEST} on either side, or play more"
        )
    return y


def value_of(played: Played, name: str, *, overall: bool = True, most: int | None = None) -> VerifyNext:
    """As `verify_next`, for campaigns that have been read already; at most the `most` strongest beliefs."""
    y = told(played, name)
    which = [k for k, each in enumerate(played.names) if each.startswith("belief:")]
    all_shares = first_order(played.basis.of(which), y)
    chance = chance_level(played.basis.of(which), y)
    which = [which[j] for j in np.argsort(-all_shares, kind="stable")[:most]]
    values, made = played.values[:, which], played.basis.of(which)
    ids = [played.names[k].removeprefix("belief:") for k in which]
    share, (low, high), bits = first_order(made, y), bootstrap(made, y), _bits(values, y)
    others = {each: happened for each, happened in played.happened.items() if can_tell(happened)} if overall else {}
    moves, mean = {}, share
    if others:
        table = first_order(made, np.stack(list(others.values()), axis=1))
        levels = [chance_level(made, happened) for happened in others.values()]
        moves = {j: tuple(q for q, row, least in zip(others, table[j], levels, strict=True) if row > least)
                 for j in range(len(ids))}  # fmt: skip
        mean = table.mean(axis=1)
    spread = float(y.var())
    found = [
        BeliefValue(
            ids[j], played.scenario.beliefs[ids[j]].chance is not None,
            Share(*(float(each[j]) for each in (share, low, high))),
            Share(*(float(spread * each[j]) for each in (share, low, high))), bits[j], bool(share[j] > chance),
            float(mean[j]), moves.get(j, ()), _claims(played, ids[j], values[:, j], y, float(share[j])),
        )
        for j in range(len(ids))
    ]  # fmt: skip
    ranked = tuple(each.id for each in sorted(found, key=lambda each: -each.mean_share))
    p = float(y.mean())
    return VerifyNext(
        played.run, name, played.scenario.questions[name].heading, p, len(y), spread, float(_entropy(np.array(p))),
        chance, tuple(found), ranked,
    )  # fmt: skip


def _entropy(p: Floats) -> Floats:
    """Return the entropy of yes or no [bit]."""
    from scipy.special import entr

    return np.asarray((entr(p) + entr(1 - p)) / np.log(2), dtype=np.float64)


def _bits(values: Floats, y: Floats) -> list[Share]:
    """Return the mutual information of y and each column of values, with its bootstrap interval [bit]."""
    weights = np.random.default_rng(SEED).multinomial(len(y), np.full(len(y), 1 / len(y)), size=RESAMPLES)
    weight = np.vstack([np.ones(len(y)), weights]).astype(np.float64)
    rows = []
    for column in values.T:
        group = _groups(column)
        member = (group[:, None] == np.arange(group.max() + 1)).astype(np.float64)
        counts, hits = weight @ member, weight @ (member * y[:, None])
        shared = np.where(counts > 0, hits / np.maximum(counts, 1), 0)
        left = (counts / len(y) * _entropy(shared)).sum(axis=1)
        found = _entropy(hits.sum(axis=1) / len(y)) - left
        value = float(found[0]) - group.max() / (2 * len(y) * np.log(2))
        moved = found[1:] - found[1:].mean() + value
        low, high = np.quantile(moved, [0.05, 0.95])
        rows.append(Share(float(value), float(low), float(high)))
    return rows


def _groups(values: Floats) -> npt.NDArray[np.int64]:
    """Return the number of each campaign's group along an input: its level, or one of equally many campaigns."""
    levels, which = np.unique(values, return_inverse=True)
    if len(levels) <= POINTS:
        return np.asarray(which, dtype=np.int64)
    group = np.empty(len(values), dtype=np.int64)
    group[np.argsort(values, kind="stable")] = np.arange(len(values)) * POINTS // len(values)
    return group


def _claims(played: Played, name: str, values: Floats, y: Floats, share: float) -> tuple[ClaimValue, ...]:
    """Value the claims that count on a belief, most first."""
    scenario, hyper = played.scenario, PoolingHyper.typical()
    belief, claims = scenario.beliefs[name], claims_on(scenario, name)
    sources = {source.id: source for source in scenario.sources}
    keep = _kept_by_another(scenario, name, claims, sources, hyper, values)
    found = []
    for claim in claims:
        true = says(belief, claim, values, hyper) if claim.id in keep else None
        if true is None:
            continue
        grade = f"{sources[claim.source].grade}{claim.item_grade}"
        settled, if_true, if_false = _strata(true, y)
        another = keep[claim.id] * max(share, 0.0)
        found.append(
            ClaimValue(claim.id, claim.statement, claim.source, grade, claim.date, settled, another, if_true, if_false)
        )
    return tuple(sorted(found, key=lambda each: (-(each.settled or 0.0), -each.another, each.id)))


def says(belief: "Belief", claim: "Claim", values: Floats, hyper: PoolingHyper) -> Flags | None:
    """Return in which campaigns what a claim says is true; None where it says nothing that could be."""
    if belief.chance is not None:
        return np.asarray(values == (claim.stance == "supports"))
    reading = readable(claim, belief)
    if not isinstance(reading, Reading):
        return None
    low, high = reading.low, reading.high
    if reading.single:
        scale = scale_of(belief)
        spread = scale.sd if scale.kind == "linear" else float(hyper.single_spread[0])
        low, high = (float(backward(scale.kind, forward(scale.kind, low) + step)) for step in (-spread, spread))
    return np.asarray((low <= values) & (values <= high))


def _strata(true: Flags, y: Floats) -> tuple[float | None, float | None, float | None]:
    """Return the share of p(1 - p) that a yes/no fact explains, and P where it is true and where it is not."""
    if not FEWEST <= true.sum() <= len(y) - FEWEST:
        return None, None, None
    share = first_order(basis(true[:, None].astype(np.float64)), y)
    return float(share[0]), float(y[true].mean()), float(y[~true].mean())


def _kept_by_another(
    scenario: "Scenario",
    name: str,
    claims: Sequence["Claim"],
    sources: Mapping[str, "Source"],
    hyper: PoolingHyper,
    values: Floats,
) -> dict[str, float]:
    """Return for each claim that counts how much of a belief's variance one more report like it would remove [1].

    Of a quantity with variance v, a report with variance r removes v/(v + r), r being that of the claim and between
    origins. Of a fact, a report that is said with odds L if it is true and 1/L if not removes what the variance of the
    two posteriors makes of p(1 - p).
    """
    belief = scenario.beliefs[name]
    if belief.chance is None:
        weighed = weigh_claims(belief, claims, sources, hyper, favoured(scenario, belief))
        spread = float(scale_of(belief).to(values).var())
        tau = float(hyper.spread[0]) ** 2
        return {
            row.claim.id: spread / (spread + 1 / float(row.precision[0]) + tau)
            for row in weighed
            if not settles(row.claim, belief) and row.precision[0] > 0
        }
    p, kept = float(values.mean()), {}
    for claim in claims:
        if claim.kind in ("unknown", "established") or corroborated_by(claim, claims) is not None:
            continue
        ratio = float(np.exp(log_ratio(belief, claim, sources[claim.source], hyper)[0]))
        right = ratio / (1 + ratio)
        said = p * right + (1 - p) * (1 - right)
        posterior = p * right / said, p * (1 - right) / (1 - said)
        kept[claim.id] = (said * (posterior[0] - p) ** 2 + (1 - said) * (posterior[1] - p) ** 2) / (p * (1 - p))
    return kept


def lines(found: VerifyNext) -> list[str]:
    """Return up to three sentences: the claims most worth verifying next, one for each belief that matters."""
    said = []
    for belief in found.beliefs:
        best = next((claim for claim in belief.claims if claim.settled is not None), None)
        if belief.beyond_chance and best is not None and best.if_true is not None and best.if_false is not None:
            said.append(
                f"{best.id}, “{best.statement}” ({best.source}, {best.grade}): {percent(best.if_true)} if it is true, "
                f"{percent(best.if_false)} if not; knowing {belief.id} would remove {percent(belief.share.value)} of "
                "the doubt."
            )
    return said[:FIRST] or ["No claim is worth more for this question than chance would show."]
