"""Back-test of combat: battles whose end is known, played through the kernel and scored beside baselines.

Which parameters a battle is played with is decided war by war. A war that the registry was not fitted to: those of the
registry, as shipped. A war that it was fitted to: those refitted to the other wars of the file, so that no battle is
scored by numbers that its own war helped to find.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fastness.errors import Problem
from fastness.history.battle_file import read_battles
from fastness.history.battle_forecast import Progress, forecast
from fastness.history.battle_play import PLAYS
from fastness.history.battle_scores import RESAMPLES, Score, resample_wars
from fastness.history.battle_statistics import statistics

#: most results that are held at once, battles times plays, and fewest plays of a battle all the same
MOST_PLAYED: Final = 2_000_000
FEWEST_PLAYS: Final = 200

#: bars: the score, lowest and highest that pass; a text names another score
BARS: Final[tuple[tuple[str, str | float | None, str | float | None], ...]] = (
    ("brier.model", None, "brier.base_rate"),
    ("log_loss.model", None, "log_loss.base_rate"),
    ("loss_rmse.attacker", None, 0.56),
    ("loss_rmse.defender", None, 0.57),
    ("coverage90.attacker", 0.85, 0.95),
    ("coverage90.defender", 0.85, 0.95),
    ("slope", 0.4, 1.3),
)


@dataclass(frozen=True)
class Bar:
    """A limit set beforehand: the score's name, its value, the limits, whether it is met (None: not known)."""

    name: str
    value: float | None
    low: float | None
    high: float | None

    @property
    def met(self) -> bool | None:
        """Whether the value lies within the limits, ends included."""
        if self.value is None:
            return None
        return (self.low is None or self.value >= self.low) and (self.high is None or self.value <= self.high)

    def document(self) -> dict[str, Any]:
        """Return the bar as plain data."""
        return {"name": self.name, "value": self.value, "low": self.low, "high": self.high, "met": self.met}


@dataclass(frozen=True)
class Engagements:
    """What a back-test of battles found.

    `scores` are by dotted name, such as `brier.model` or `loss_rmse.attacker` [log10]; `n` counts battles whose winner
    is known, `played` all that were played, `refitted` those whose war was left out of a refit, `in_sample` those
    played with parameters that their own war helped to find.
    """

    file: str
    n: int
    played: int
    wars: int
    refitted: int
    in_sample: int
    plays: int
    resamples: int
    rows: int
    small: int
    left_out: Mapping[str, int]
    scores: Mapping[str, Score]
    problems: tuple[Problem, ...]

    @property
    def mode(self) -> str:
        """How the parameters were chosen: `as-shipped`, `leave-one-war-out`, or `mixed`."""
        if not self.refitted:
            return "as-shipped"
        return "leave-one-war-out" if self.refitted == self.played else "mixed"

    def bars(self) -> list[Bar]:
        """Return the bars with their verdicts."""

        def limit(end: str | float | None) -> float | None:
            return self.scores[end].value if isinstance(end, str) else end

        return [Bar(name, self.scores[name].value, limit(low), limit(high)) for name, low, high in BARS]

    def document(self) -> dict[str, Any]:
        """Return everything as plain data; `intervals` repeats the scores' names with their 95 % intervals by war."""
        found: dict[str, Any] = {"n": self.n}
        intervals: dict[str, Any] = {}
        for name, score in self.scores.items():
            _nest(found, name, score.value)
            _nest(intervals, name, None if score.low is None else [score.low, score.high])
        counts = ("played", "wars", "mode", "refitted", "in_sample", "plays", "resamples", "rows", "small")
        return found | {
            "intervals": intervals,
            "bars": [bar.document() for bar in self.bars()],
            **{name: getattr(self, name) for name in counts},
            "left_out": dict(self.left_out),
            "problems": [str(problem) for problem in self.problems],
        }


def _nest(tree: dict[str, Any], name: str, value: object) -> None:
    *path, last = name.split(".")
    for part in path:
        tree = tree.setdefault(part, {})
    tree[last] = value


def engagements(
    path: str | Path,
    *,
    leave_one_war_out: bool | None = None,
    plays: int = PLAYS,
    resamples: int = RESAMPLES,
    progress: Progress | None = None,
) -> Engagements:
    """Play the battles of a file through the kernel's combat functions and score the forecasts.

    Parameters
    ----------
    path : str or Path
        A CSV file in the format of CDB90; see `battle_file.COLUMNS` for what is read.
    leave_one_war_out : bool, optional
        True: refit without its war for every battle; False: the registry as shipped for every battle. By default a war
        that the registry was fitted to is left out of a refit, any other is played as shipped.
    plays : int
        Plays of each battle; fewer for thousands of battles.
    resamples : int
        Resamples of whole wars behind each interval.
    progress : callable, optional
        Called with wars done and wars in all.

    Returns
    -------
    Engagements
        Scores with intervals, baselines, bars, and what of the file was not used.

    Raises
    ------
    AnalysisError
        FS421, FS422 or FS424 if nothing can be played; see `read_battles`.
    """
    file = read_battles(path)
    battles = file.battles
    plays = max(FEWEST_PLAYS, min(plays, MOST_PLAYED // len(battles)))
    forecasts = forecast(battles, file.wars, leave_one_war_out, plays, progress or (lambda _done, _all: None))
    resampling = resample_wars(battles.war, resamples)
    return Engagements(
        file=str(path),
        n=int(battles.labelled.sum()),
        played=len(battles),
        wars=len(file.wars),
        refitted=int(forecasts.refitted.sum()),
        in_sample=int(forecasts.in_sample.sum()),
        plays=plays,
        resamples=len(resampling.counts),
        rows=file.rows,
        small=file.small,
        left_out=file.left_out,
        scores={name: resampling.score(statistic) for name, statistic in statistics(battles, forecasts).items()},
        problems=file.problems,
    )
