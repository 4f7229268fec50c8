"""Hold combat against the battle file, each war with parameters refitted to the other wars, and write the page.

    python validation/engagements.py [--write]

Prints what `docs/validation/engagements.md` says: scores beside baselines, bars with verdicts, and where the model's
lengths, losses and win rates lie outside the battles' own intervals. Exits with 1 if a bar is missed, with 0 also where
the file is absent.
"""

import argparse
import datetime
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from battles import NOTHING_TO_READ, battle_file, win_table
from record import met, record
from svg import Bar, bars

from fastness.cli.engagements import BAR_TEXTS, TABLES, limit_of, verdict_of
from fastness.history.battle_file import Battles, read_battles
from fastness.history.battle_play import combat_priors, play_battles
from fastness.history.battle_scores import Score
from fastness.history.engagements import Engagements, engagements
from fastness.kernel.cache import kernel_hash

PAGE = Path(__file__).parents[1] / "docs" / "validation" / "engagements.md"
HEAD = """# Engagements against history

Written by `python validation/engagements.py --write` on {date}; kernel {kernel}.

{n} decided battles in {wars} wars, 1600–1982 (CDB90; parts of other battles and draws left out), each played {plays}
times through the functions that combat itself calls. **No battle is scored by its own war**: the centres of all combat
parameters are refitted to the other wars; only the widths of the priors are those of the registry. Used is what is
known before the battle (strengths, works, ground, year), not its length. Intervals are 95 %, by resampling whole wars.
RMSE is of log10 of the share of its strength that a side loses a day; a side without losses counts as half a man.

The same for any file in that format: `fastness backtest engagements FILE.csv`.
"""
REMARK = """
## What it says, and what not

- **Who wins stays close to unpredictable.** The difference from a constant is {brier_less} in Brier score:
  it may as well be none.
- Where every war weighs the same, however few battles it had, the difference is {by_war_less}.
  **Over wars rather than battles the model is no better than the base rate, and probably worse**: its gain comes from
  the two world wars; in the many small wars the side with more men hardly won more often.
- {small} of the file's {rows} rows have under 5,000 men on both sides together. For fights of some hundred men in a
  side valley this page says next to nothing.
- The intervals are wide because few wars carry the file: 162 of its battles belong to one.
- Attackers mostly attack where they expect to win. A slope found among chosen attacks need not hold for all.
"""


@dataclass(frozen=True)
class Rate:
    """How often attackers won at a force ratio: in the battles with interval, and in the plays."""

    ratio: str
    battles: float
    low: float
    high: float
    model: float

    @property
    def inside(self) -> bool:
        """Whether the model's value lies in the interval."""
        return self.low <= self.model <= self.high


def win_rates(battles: Battles, plays: int) -> list[Rate]:
    """Return the attackers' win rate by force ratio beside the published table; parameters as shipped."""
    chance = play_battles(battles, combat_priors(), plays=plays).chance()
    ratio = battles.attacker / battles.defender
    found = []
    for row in win_table():
        low, high = float(row["fr_lo"]), float(row["fr_hi"])
        name = f"{low:g} – {high:g}" if high < 1e6 else f"over {low:g}"
        model = float(chance[battles.labelled & (ratio >= low) & (ratio < high)].mean())
        found.append(Rate(name, float(row["win"]), float(row["b_lo"]), float(row["b_hi"]), model))
    return found


def page(found: Engagements, rates: list[Rate]) -> str:
    """Return the page as Markdown."""
    scores = found.scores
    told = {
        "brier_less": cell(scores["brier.less_base_rate"]),
        "by_war_less": cell(scores["brier_by_war.less_base_rate"]),
        "small": found.small,
        "rows": found.rows,
    }
    head = HEAD.format(
        date=datetime.datetime.now(datetime.UTC).date(),
        kernel=kernel_hash()[:8],
        n=found.n,
        wars=found.wars,
        plays=found.plays,
    )
    lines = [head, *bar_lines(found), REMARK.format(**told), *table_lines(found), *outside_lines(found)]
    return "\n".join([*lines, *rate_lines(rates)]) + "\n"


def bar_lines(found: Engagements) -> Iterator[str]:
    yield "## Bars, set beforehand\n"
    yield "| bar | model | limit | verdict |\n| --- | --- | --- | --- |"
    for bar in found.bars():
        yield f"| {BAR_TEXTS[bar.name]} | {cell(found.scores[bar.name])} | {limit_of(bar)} | {verdict_of(bar)} |"


def table_lines(found: Engagements) -> Iterator[str]:
    for head, rows in TABLES:
        yield f"\n## {head[0]}\n"
        yield f"| | {' | '.join(head[1:])} |\n|{' --- |' * len(head)}"
        for text, *names in rows:
            cells = [cell(found.scores[name]) if name in found.scores else "" for name in names]
            yield f"| {text.strip()} | {' | '.join(cells + [''] * (len(head) - 1 - len(cells)))} |"


def outside_lines(found: Engagements) -> Iterator[str]:
    """Say which of the model's lengths and losses lie outside the battles' own intervals."""
    _, rows = TABLES[-1]
    outside = []
    for text, model, battles in rows:
        of_model, of_battles = found.scores[model], found.scores[battles]
        if of_model.value is None or of_battles.low is None or of_battles.high is None:
            continue
        if not of_battles.low <= of_model.value <= of_battles.high:
            outside.append(text)
    yield f"\nOutside the battles' interval: {', '.join(outside) or 'none'}."


def rate_lines(rates: list[Rate]) -> Iterator[str]:
    yield "\n## Win rate by force ratio\n"
    yield "Parameters as shipped, so fitted to these battles: a check of the fit, no test.\n"
    yield "| attacker / defender | battles | interval | model | |\n| --- | --- | --- | --- | --- |"
    for rate in rates:
        verdict = "inside" if rate.inside else "**outside**"
        yield f"| {rate.ratio} | {rate.battles:.2f} | {rate.low:.2f}–{rate.high:.2f} | {rate.model:.2f} | {verdict} |"


def cell(score: Score) -> str:
    """Return a score with its interval."""
    if score.value is None:
        return "unknown"
    value = f"{score.value:.3f}"
    return value if score.low is None else f"{value} ({score.low:.3f} to {score.high:.3f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the page")
    arguments = parser.parse_args()
    path = battle_file()
    if path is None:
        print(NOTHING_TO_READ)
        return
    found = engagements(path, leave_one_war_out=True)
    rates = win_rates(read_battles(path).battles, found.plays)
    text = page(found, rates)
    print(text)
    if arguments.write:
        PAGE.write_text(text, encoding="utf-8")
        keep(found, rates)
    sys.exit(not all(np.array([bar.met for bar in found.bars()], dtype=bool)))


def keep(found: Engagements, rates: list[Rate]) -> None:
    """Keep the result for the page of all checks."""
    held = [bar.met for bar in found.bars()]
    said = (
        f"{sum(held)} of {len(held)} bars met on {found.n} battles, each without its war; who wins: Brier score "
        f"less the base rate's {cell(found.scores['brier.less_base_rate'])}, each war alike "
        f"{cell(found.scores['brier_by_war.less_base_rate'])}"
    )
    drawn = bars(
        [Bar(f"attacker / defender {rate.ratio}", rate.battles, rate.low, rate.high, rate.model) for rate in rates],
        title="attackers' win rate by force ratio: battles with interval, model as a ring (a check of the fit)",
        axis="share of battles won by the attacker",
    )
    record("engagements", said, limit="seven bars, set beforehand", verdict=met(all(held)), picture=drawn)


if __name__ == "__main__":
    main()
