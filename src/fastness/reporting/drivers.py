"""The report's section on the first question: what it hangs on, what to verify next, and what would flip the call."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastness.analysis.drivers import QuestionDrivers, can_tell, completed, question_drivers
from fastness.analysis.shares import grouped, split
from fastness.analysis.tip import tips_of
from fastness.analysis.value import lines, value_of
from fastness.analysis.words import percent
from fastness.plot.drivers import COLOURS, driver_bars, driver_curve
from fastness.reporting.charts import Card, Section

if TYPE_CHECKING:
    from fastness.analysis.shares import Share, Shares
    from fastness.ensemble import Ensemble

SECTION: Final = "drivers"
TITLE: Final = "What the first question hangs on"
INTRO: Final = (
    "Each bar: the share of the question’s variance p(1 − p) that one belief or parameter explains alone, with its "
    "5–95 % interval. Dotted: what the strongest of as many inputs without effect would reach in one run of twenty; "
    "pale bars are not more than that. What is left after all of them is mostly luck. Curves: share of campaigns, in "
    "equal groups along the input."
)
#: curves drawn, sources told of: what fits on a page
CURVES: Final = 5
TIPS: Final = 6
BELIEFS: Final = 8


@dataclass(frozen=True)
class Hangs:
    """What stands beside the figures: claims to verify next, what acts together, what would flip the call."""

    question: str
    verify: list[str]
    together: list[str]
    call: str
    tips: list[str]
    fit: str


def hangs_on(ensemble: "Ensemble", groups: Mapping[str, "Shares"] | None = None) -> tuple[Section | None, Hangs | None]:
    """Draw the section of the first question and write its sentences.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.
    groups : mapping, optional
        From `analysis.shares.shares`, where it has been worked out before.

    Returns
    -------
    (Section or None, Hangs or None)
        Nothing where the scenario asks nothing or nearly all campaigns agree.
    """
    name = next(iter(ensemble.scenario.questions), None)
    if name is None:
        return None, None
    played = completed(ensemble)
    if not can_tell(played.happened[name]):
        return None, None
    known = groups if groups is not None else split(*grouped(played.draws), {name: played.happened[name]})
    found = question_drivers(played, name, known.get(name))
    tips = tips_of(played, name)
    hangs = Hangs(
        question=found.text,
        verify=lines(value_of(played, name, overall=False, most=BELIEFS)),
        together=[f"{pair.says}." for pair in found.interactions],
        call=f"{percent(tips.probability)}, {tips.said}",
        tips=[each.says for each in tips.tips[:TIPS]],
        fit=percent(max(found.fit, 0.0)),
    )
    return _section(found), hangs


def _section(found: QuestionDrivers) -> Section:
    title = f"{found.text}: shares of the variance"
    strongest = [row for row in found.drivers if row.beyond_chance]
    says = f"{len(strongest)} of {len(found.drivers)} inputs shown explain more than chance."
    cards = [Card("drivers-bars", title, says, driver_bars(found))]
    for number, row in enumerate(strongest[:CURVES]):
        cards.append(Card(f"drivers-{number}", row.name, f"{row.name}: P {row.direction}.", driver_curve(row)))
    numbers = [
        (row.name, [row.kind, _text(row.share), _text(row.total) if row.total else "", row.direction])
        for row in found.drivers
    ]
    legend = tuple((colour, kind) for kind, colour in COLOURS.items())
    return Section(SECTION, TITLE, INTRO, cards, ["kind", "share [%]", "total [%]", "P"], numbers, legend)


def _text(share: "Share") -> str:
    value, low, high = (100 * max(each, 0.0) for each in (share.value, share.low, share.high))
    return f"{value:.1f} ({low:.1f}–{high:.1f})"
