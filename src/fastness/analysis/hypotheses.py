"""Competing hypotheses against claims (ACH): what each claim says for and against, from the model's own likelihoods.

A hypothesis is a set of campaigns: those in which a question is answered yes, or a fact is true, or a quantity is low,
middling or high. For a claim c the campaigns give l_i = P(c said | what campaign i drew), up to a factor, with the
pooling rules (M19): each campaign's own trust in sources, and n claims of one origin counting as n_eff. Campaigns are
drawn given all claims, so what a claim by itself says of a hypothesis H, all other claims being known, is

    P(c | H) = n_H / sum over i in H of 1 / l_i

(importance weights 1/l_i take the claim out: the conditional predictive ordinate of Gelfand, Dey and Chang 1992).
Where some l_i is near 0 the sum hangs on few campaigns; the interval is wide then, and the claim tells nothing.
Hypotheses are ranked as Heuer (1999, ch. 8) ranks them: not by what supports them, but by how little speaks against
them, the sum of ln(P(c) / P(c | H)) over the claims that are marked inconsistent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from fastness.analysis.assumptions import Assumption, assumptions
from fastness.errors import AnalysisError, did_you_mean
from fastness.parameters import Z95
from fastness.scenario.pooling import (
    PoolingHyper,
    claims_on,
    effective_number,
    favoured,
    ratios_by_origin,
    settles,
    weigh_claims,
)
from fastness.scenario.scales import scale_of

if TYPE_CHECKING:
    import pandas as pd

    from fastness.ensemble import Ensemble
    from fastness.scenario import Scenario

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: with fewer campaigns a hypothesis says nothing of a claim
FEWEST: Final = 20
#: likelihood ratios from which a claim is called consistent, and very consistent; their inverses: inconsistent. The
#: second is near Jeffreys's (1961, app. B) first grade, the root of 10; the first is a convention: reports are weak
SOME, MUCH = 1.1, 3.0
#: terciles cut a quantity into low, middling and high
CUTS: Final = (1 / 3, 2 / 3)


@dataclass(frozen=True, slots=True)
class Cell:
    """One claim under one hypothesis: P(c | H) / P(c), its 5-95 % Monte Carlo interval, and the mark.

    Marks: CC, C, N, I, II from very consistent to very inconsistent; N too where the interval holds 1.
    """

    ratio: float
    low: float
    high: float
    mark: str


@dataclass(frozen=True, slots=True)
class Row:
    """One claim: who says what of which belief, and its cells in the order of the hypotheses.

    `tells` is how far it tells them apart: the largest ln ratio between two hypotheses.
    """

    claim: str
    statement: str
    belief: str
    source: str
    grade: str
    stance: str
    cells: tuple[Cell, ...]
    tells: float


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One hypothesis: its share of the campaigns (the posterior), how much speaks against it, its rank from 1."""

    text: str
    posterior: float
    campaigns: int
    against: float
    rank: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Hypotheses × claims on one subject: first the rows that tell the hypotheses apart beyond Monte Carlo error.

    `settled` are claims that are established: every campaign agrees with them, so they tell nothing apart.
    """

    subject: str
    text: str
    hypotheses: tuple[Hypothesis, ...]
    rows: tuple[Row, ...]
    settled: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hypotheses:
    """Matrices, the question's first, and the key assumptions of that question."""

    run: str
    campaigns: int
    matrices: tuple[Matrix, ...]
    assumptions: tuple[Assumption, ...]

    def document(self) -> dict[str, Any]:
        """Return it as plain data for `--json`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Played:
    """The completed campaigns: their outcomes, what they drew, how far each trusts sources."""

    scenario: "Scenario"
    outcomes: "pd.DataFrame"
    draws: "pd.DataFrame"
    hyper: PoolingHyper


def hypotheses(ensemble: "Ensemble", *, about: str | None = None) -> Hypotheses:
    """Weigh claims under competing hypotheses.

    Parameters
    ----------
    ensemble : Ensemble
        A run.
    about : str, optional
        A question or a belief; None: the first question, and every fact on which there are claims.

    Raises
    ------
    AnalysisError
        FS401 for a subject that is neither, FS457 where fewer than 20 campaigns stand behind a hypothesis.
    """
    scenario = ensemble.scenario
    known = {**scenario.questions, **scenario.beliefs}
    if about is not None and about not in known:
        raise AnalysisError(code="FS401", message=f"no question or belief '{about}'", hint=did_you_mean(about, known))
    played = _played(ensemble)
    likelihoods = dict(_likelihoods(played))
    subjects = [about] if about else _subjects(scenario)
    found = [_matrix(played, likelihoods, name) for name in subjects]
    matrices = tuple(matrix for matrix in found if matrix is not None)
    if not matrices:
        subject = about or next(iter(scenario.questions), "this scenario")
        message = f"'{subject}' has fewer than {FEWEST} campaigns behind one of its hypotheses, or no claims"
        raise AnalysisError(code="FS457", message=message, hint="name a question or a belief with campaigns both ways")
    question = about if about in scenario.questions else next(iter(scenario.questions), None)
    table = assumptions(scenario, played.outcomes, played.draws, question) if question else ()
    return Hypotheses(str(ensemble.path), len(played.draws), matrices, table)


def _subjects(scenario: "Scenario") -> list[str]:
    """Return the first question, and the facts on which claims are made."""
    facts = [name for name, belief in scenario.beliefs.items() if belief.chance is not None]
    return [*list(scenario.questions)[:1], *(name for name in facts if claims_on(scenario, name))]


def _played(ensemble: "Ensemble") -> _Played:
    fine = ensemble.outcomes["status"].to_numpy() == 0
    draws = ensemble.draws[fine]
    trust = {
        name.removeprefix("parameter:"): draws[name].to_numpy(dtype=np.float64)
        for name in draws.columns
        if name.startswith("parameter:information.")
    }
    return _Played(ensemble.scenario, ensemble.outcomes[fine], draws, PoolingHyper.from_draws(trust))


def _likelihoods(played: _Played) -> Iterator[tuple[str, Floats]]:
    """Yield ln P(claim | what each campaign drew) of every claim that is pooled, up to a constant, by claim id."""
    scenario, hyper = played.scenario, played.hyper
    sources = {source.id: source for source in scenario.sources}
    for name, belief in scenario.beliefs.items():
        claims = claims_on(scenario, name)
        if not claims or any(settles(claim, belief) for claim in claims):
            continue
        drawn = played.draws[f"belief:{name}"].to_numpy(dtype=np.float64)
        if np.ptp(drawn) == 0.0:
            continue
        if belief.chance is not None:
            for ratios in ratios_by_origin(belief, claims, sources, hyper).values():
                share = effective_number(len(ratios), hyper.correlation) / len(ratios)
                yield from ((claim, ratio * share * drawn) for claim, ratio in ratios.items())
            continue
        scale = scale_of(belief)
        weighed = weigh_claims(belief, claims, sources, hyper, favoured(scenario, belief))
        at = scale.to(drawn)
        for row in weighed:
            several = sum(other.origin == row.origin for other in weighed)
            share = effective_number(several, hyper.correlation) / several
            strength = row.precision * share / (1.0 + row.precision * share * hyper.spread**2)
            yield row.claim.id, -0.5 * strength * (at - row.centre) ** 2


def _matrix(played: _Played, likelihoods: dict[str, Floats], name: str) -> Matrix | None:
    """Return the matrix of a subject, None where a hypothesis has too few campaigns or nothing is claimed."""
    text, groups = _hypotheses(played, name)
    if len(groups) < 2 or min(int(members.sum()) for _, members in groups) < FEWEST:
        return None
    scenario = played.scenario
    mine = {claim.id for claim in claims_on(scenario, name)} if name in scenario.beliefs else set(likelihoods)
    claims = {claim.id: claim for claim in scenario.claims if claim.id in mine}
    settled = tuple(sorted(mine - set(likelihoods))) if name in scenario.beliefs else ()
    grades = {source.id: source.grade for source in scenario.sources}
    rows = []
    for key in sorted(mine & set(likelihoods)):
        claim, cells = claims[key], cells_of(likelihoods[key], [members for _, members in groups])
        ratios = np.log([cell.ratio for cell in cells])
        rows.append(
            Row(key, claim.statement, str(claim.target), claim.source, f"{grades[claim.source]}{claim.item_grade}",
                claim.stance, cells, float(ratios.max() - ratios.min()))
        )  # fmt: skip
    if not rows:
        return None
    rows.sort(key=lambda row: (all(cell.mark == "N" for cell in row.cells), -row.tells))
    return Matrix(name, text, _ranked(groups, rows), tuple(rows), settled)


def _hypotheses(played: _Played, name: str) -> tuple[str, list[tuple[str, Bools]]]:
    """Return what a subject is called, and its hypotheses with the campaigns that belong to each."""
    scenario = played.scenario
    if name in scenario.questions:
        held = played.outcomes[name].to_numpy() >= 0
        return scenario.questions[name].heading, [("yes", held), ("no", ~held)]
    drawn = played.draws[f"belief:{name}"].to_numpy(dtype=np.float64)
    text = name.replace("-", " ")
    if scenario.beliefs[name].chance is not None:
        return text, [("true", drawn > 0.5), ("false", drawn <= 0.5)]
    low, high = np.quantile(drawn, CUTS)
    return text, [("low", drawn <= low), ("middling", (drawn > low) & (drawn < high)), ("high", drawn >= high)]


def cells_of(log: Floats, groups: Sequence[Bools]) -> tuple[Cell, ...]:
    """Return a claim's cells: the harmonic mean of its likelihood in each group over that in all campaigns."""
    inverse = np.exp(-(log - log.mean()))
    whole = inverse.mean()
    return tuple(_cell(inverse[members], whole, float(inverse.std()) / np.sqrt(len(inverse))) for members in groups)


def _cell(inverse: Floats, whole: float, whole_error: float) -> Cell:
    mean = inverse.mean()
    error = np.hypot(inverse.std() / np.sqrt(len(inverse)) / mean, whole_error / whole)
    ratio = float(whole / mean)
    low, high = float(ratio * np.exp(-Z95 * error)), float(ratio * np.exp(Z95 * error))
    return Cell(ratio, low, high, mark(ratio, low, high))


def mark(ratio: float, low: float, high: float) -> str:
    """Return the mark of a likelihood ratio with its interval."""
    if low <= 1.0 <= high or 1 / SOME < ratio < SOME:
        return "N"
    if ratio > 1.0:
        return "CC" if ratio >= MUCH else "C"
    return "II" if ratio <= 1 / MUCH else "I"


def _ranked(groups: Sequence[tuple[str, Bools]], rows: Sequence[Row]) -> tuple[Hypothesis, ...]:
    """Return the hypotheses with what speaks against each, and their ranks: the least first."""
    against = [
        sum(max(0.0, -float(np.log(row.cells[k].ratio))) for row in rows if row.cells[k].mark in ("I", "II"))
        for k in range(len(groups))
    ]
    return tuple(
        Hypothesis(
            text, float(members.mean()), int(members.sum()), against[k], 1 + sum(a < against[k] for a in against)
        )
        for k, (text, members) in enumerate(groups)
    )
