"""The page that tells how the historical scenarios came out."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrodiction import Retrodiction

HEAD = """# Retrodiction: the library's history, scored

Written by `python validation/retrodiction.py --write` on {today}, kernel {kernel}, {campaigns} campaigns each.

**This is no forecast.** Whoever wrote these scenarios, chose their questions and built the model knew how they ended.
Tests hold the dates of evidence to the day of the forecast; nothing holds back what the authors know. A good score here
would prove little. A bad one is still bad.

{lines}

![Panjshir 2021: probability given, and what happened](results/retrodiction.svg)

Scores: lower is better. Questions about one event rise and fall together and are pooled to count as one. Intervals are
95 %, by resampling these pooled questions; with so few of them they are rough, and too narrow, since all questions of a
scenario come from one run of history. *Coin*: one half. *Status quo*: 95 % that what was so on the first day stays so.
*Climatology*: where past sieges can be asked, the share in comparable cases that were over by then
([outside view](../methods/outside-view.md)); elsewhere the share of the scenario's pooled questions that came out yes,
which nobody could have known. Much of the model's score is its authors' priors: that India would recognise nobody was
judged more than simulated.
"""
SELECTION = """## Whom it speaks for

- **Famous sieges run long.** The cases by which the model is calibrated, and with which it is compared, are sieges,
  enclaves and redoubts that somebody wrote about, still held on their third day.
- In 2021 thirty-three other Afghan provinces fell without one, most of them in days. None of them is a case, and a
  model that speaks for sieges cannot know how seldom one comes about. Of thirty-four provinces, the one that held out
  was made a scenario *because* it held out.
- **The population** is therefore: strongholds that are still held, by an organised force that means to hold them, on
  the third day after a besieger has closed in. To a place about to be besieged the model gives too much time.
- The scenarios are three, two of them of one valley, chosen by people who knew them. No rate over scenarios can be
  taken from this page.
- Panjshir 1984 was written to show a floor that falls and a force that lives; its score tests nothing and stands here
  for completeness. Nearly all its outcomes are from memory. In Lachin 2023 most questions about food cannot be
  resolved, because nobody measured it.
"""


def page(found: "Sequence[Retrodiction]", lines: Sequence[str], today: date, kernel: str) -> str:
    """Return the page as Markdown."""
    campaigns = min(each.campaigns for each in found)
    said = "\n".join(f"- {line}" for line in lines)
    head = HEAD.format(today=today, kernel=kernel, campaigns=campaigns, lines=said)
    return "\n".join([head, *(text for each in found for text in section(each)), SELECTION])


def section(found: "Retrodiction") -> Iterator[str]:
    """Yield one scenario."""
    yield f"## {found.title}\n"
    yield f"As of {found.as_of}. Parameters drawn from {found.drawn_from}. {len(found.rows)} questions resolved as"
    yield f"{len(found.units())} pooled ones, {found.void} that cannot be told left out.\n"
    yield "| score | model | against | | model less it (95 %) | pooled questions |"
    yield "|---|---|---|---|---|---|"
    for text, score in (("Brier", "brier"), ("log", "log"), ("CRPS of the day, days", "days")):
        for baseline in ("coin", "status quo", "climatology"):
            each = found.compared(score, baseline)
            if each is not None:
                apart = f"{each.difference:+.3f} ({each.low:+.3f} to {each.high:+.3f})"
                yield f"| {text} | {each.model:.3f} | {baseline} | {each.other:.3f} | {apart} | {each.units} |"
    yield "\n| question | counts as | model | happened | Brier | climatology | who says so |"
    yield "|---|---|---|---|---|---|---|"
    for row in found.rows:
        happened = "yes" if row.outcome.happened else "no"
        when = f", {row.outcome.day}" if row.outcome.happened and row.outcome.day else ""
        usual = f"{row.given['climatology']:.2f} ({row.climatology})"
        cells = (row.ask, row.unit if row.unit.startswith("together") else "itself", f"{row.given['model']:.3f}")
        cells = (*cells, happened + when, f"{row.brier['model']:.3f}", usual, row.outcome.source)
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    yield ""
