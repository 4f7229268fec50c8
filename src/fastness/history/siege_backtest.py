"""Back-tests sieges: forecasts every case of one file, then opens the other, which says how they ended, and scores."""

from collections.abc import Callable, Sequence
from pathlib import Path

from fastness.errors import AnalysisError, Problem, RunError
from fastness.history.cases import Case, Reading, read_cases
from fastness.history.outcomes import Outcome, read_outcomes
from fastness.history.siege_scores import SiegeScores, score
from fastness.history.sieges import CAMPAIGNS, forecast_cases


def sieges(
    predictors: str | Path,
    outcomes: str | Path,
    *,
    campaigns: int = CAMPAIGNS,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> SiegeScores:
    """Forecast sieges from what was known on their third day and score the forecasts.

    Parameters
    ----------
    predictors, outcomes
        Two CSV files, matched by `id`; docs/methods/sieges.md lists their columns.
    campaigns
        Campaigns for each case, at least 1.
    seed
        64-bit seed.
    progress
        Called with cases done and cases in all.

    Returns
    -------
    SiegeScores
        `problems` tells what of the files could not be used; the other rows are scored.

    Raises
    ------
    RunError
        FS201 for a number of campaigns below 1.
    AnalysisError
        FS425 if a file cannot be read, lacks columns, or no case has both a row of predictors and an outcome.
    """
    if campaigns < 1:
        message = f"campaigns must be 1 or more, is {campaigns}"
        raise RunError(code="FS201", message=message, hint="500 give each probability an error of about two points")
    known = read_cases(predictors)
    forecasts = forecast_cases(known.rows, campaigns=campaigns, seed=seed, progress=progress)
    ended = read_outcomes(outcomes)
    problems = [*known.problems, *ended.problems, *_unmatched(predictors, known, outcomes, ended)]
    pairs = matched(known.rows, ended.rows)
    made = {row.id: row for row in forecasts}
    if not pairs:
        said = "".join(f"\n{problem}" for problem in problems)
        message = f"no case of {predictors} has an outcome in {outcomes}{said}"
        raise AnalysisError(code="FS425", message=message, hint="the two files are matched by the column id")
    return score(
        [made[case.id] for case, _ in pairs],
        [case for case, _ in pairs],
        [outcome for _, outcome in pairs],
        [str(problem) for problem in problems],
    )


def matched(cases: Sequence[Case], outcomes: Sequence[Outcome]) -> list[tuple[Case, Outcome]]:
    """Return the cases whose outcome is known and whose starts agree, with it, in the order of the cases."""
    ended = {outcome.id: outcome for outcome in outcomes}
    return [(case, ended[case.id]) for case in cases if case.id in ended and ended[case.id].start == case.start]


def _unmatched(predictors: str | Path, known: Reading, outcomes: str | Path, ended: Reading) -> list[Problem]:
    """Return what keeps rows of the one file from being scored against the other."""
    problems = []
    cases = {case.id: case for case in known.rows}
    ends = {outcome.id: outcome for outcome in ended.rows}
    for line, case in zip(known.lines, known.rows, strict=True):
        if case.id not in ends:
            said = f"case '{case.id}' has no outcome in {outcomes}; it is forecast but not scored"
            problems.append(Problem("FS429", said, str(predictors), line, "id"))
    for line, outcome in zip(ended.lines, ended.rows, strict=True):
        case = cases.get(outcome.id)
        if case is None:
            said = f"case '{outcome.id}' has no row in {predictors}; it is left out"
            problems.append(Problem("FS429", said, str(outcomes), line, "id"))
        elif case.start != outcome.start:
            said = f"case '{case.id}' starts on {outcome.start}, in {predictors} on {case.start}; it is left out"
            problems.append(Problem("FS428", said, str(outcomes), line, "start"))
    return problems
