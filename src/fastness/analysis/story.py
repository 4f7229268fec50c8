"""One campaign told as a dated story, phase by phase: every sentence stands for events of the log, and names them.

Events that a phase repeats (roadblocks, reprisals, flights) share a sentence; the others have their own, with the event
behind them where the log keeps one. `after` says what the log says: the event that was last before it on that side, or
the engagement that it ended. It does not say that nothing else had a part.
"""

import datetime
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from fastness.analysis.story_words import Known, Row, cause, sentence, several

if TYPE_CHECKING:
    import pandas as pd

    from fastness.scenario import Scenario

#: kinds of which several in one phase share a sentence; what turns a campaign has its own
SHARED: Final = frozenset(
    {"reprisals", "people-flee", "roadblock-set", "roadblock-cleared", "pass-closes", "pass-opens", "rising"}
    | {"offer-refused", "talks-open", "talks-break", "patron-aids", "patron-stops", "patron-recognises", "blackout"}
    | {"force-arrives", "convoy-refused", "convoy-arrives", "men-change-sides", "dispersal", "aircraft-strike"}
    | {"assault-begins", "assault-fails", "place-falls", "food-used-up", "plan-changes"}
)
#: kinds whose cause says something: which fight they ended, or what set them off
CAUSED: Final = frozenset(
    {"assault-fails", "breaks-cut-off", "breaks-unarmed", "place-falls", "settlement", "leader-lost", "leader-leaves"}
    | {"side-dissolves", "dispersal", "people-flee", "offensive-begins"}
)
#: a lull of so many days without a fight or a settlement begins a new phase
LULL: Final = 28
#: a phase of more days is told month by month
LONG: Final = 60
#: kinds that make a phase
LOUD: Final = frozenset({"offensive-begins", "assault-begins", "place-falls", "assault-fails", "settlement"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said of one event or of several of a kind.

    `first` and `last` are dates in ISO form; `events` are the numbers of the events in the campaign's log, from 1.
    """

    first: str
    last: str
    text: str
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the campaign: why it is one, its first and last day, and its sentences in order of time."""

    title: str
    first: str
    last: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A campaign told in phases."""

    campaign: int
    phases: tuple[Phase, ...]

    def document(self) -> dict[str, Any]:
        """Return the story as plain data for `--json`."""
        return asdict(self)


def tell(scenario: "Scenario", campaign: int, events: "pd.DataFrame") -> Story:
    """Tell one campaign.

    Parameters
    ----------
    scenario : Scenario
        Names places, sides, routes and plans.
    campaign : int
        Its number.
    events : DataFrame
        Its events in order: event, day, kind, place, side, amount, cause.

    Returns
    -------
    Story
        Its sentences together stand for every event once.
    """
    rows: list[Row] = [*events.sort_values("event").to_dict("records")]
    known, start = Known(scenario), scenario.clock.start
    last = (scenario.clock.end - start).days
    begins = _phases(known, scenario, rows)
    phases = []
    for number, (day, title) in enumerate(begins):
        end = begins[number + 1][0] - 1 if number + 1 < len(begins) else last
        told = [row for row in rows if day <= row["day"] <= end]
        if told:
            sentences = tuple(_sentences(known, start, told, rows))
            phases.append(Phase(title, _iso(start, day), _iso(start, end), sentences))
    return Story(campaign, tuple(phases))


def _phases(known: Known, scenario: "Scenario", rows: list[Row]) -> list[tuple[int, str]]:
    """Return the first day and the title of each phase: fights after a lull, falls of a home, a settlement."""
    found, before = {0: "How it begins"}, None
    for row in rows:
        day = int(row["day"])
        if row["kind"] not in LOUD:
            continue
        if before is None or day - before >= LULL:
            found.setdefault(day, _title(known, row, first=before is None))
        if row["kind"] == "settlement":
            found.setdefault(day, "The settlement")
        home = row["kind"] == "place-falls" and row["place"] in {side.home for side in scenario.sides.values()}
        if home and day + 1 <= (scenario.clock.end - scenario.clock.start).days:
            found.setdefault(day + 1, f"After the fall of {known.place(row)}")
        before = day
    return _by_month(sorted(found.items()), scenario)


def _by_month(begins: list[tuple[int, str]], scenario: "Scenario") -> list[tuple[int, str]]:
    """Cut phases that are long at the first of each month."""
    start, days = scenario.clock.start, (scenario.clock.end - scenario.clock.start).days
    found = list(begins)
    for (day, _), end in zip(begins, [*(day for day, _ in begins[1:]), days + 1], strict=True):
        if end - day > LONG:
            dates = [(each, start + datetime.timedelta(days=each)) for each in range(day + 1, end)]
            found += [(each, f"{date:%B}") for each, date in dates if date.day == 1]
    return sorted(found)


def _title(known: Known, row: Row, *, first: bool) -> str:
    said = sentence(known, row).split(" with ")[0].split(" and costs ")[0]
    return f"Fighting: {said}" if first else f"After a lull: {said}"


def _sentences(known: Known, start: datetime.date, rows: list[Row], log: list[Row]) -> Iterator[Sentence]:
    """Yield the sentences of a phase in the order of their first event."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        key = (row["kind"], row["side"]) if row["kind"] in SHARED else (row["event"],)
        groups.setdefault(key, []).append(row)
    for group in groups.values():
        first, last = _iso(start, group[0]["day"]), _iso(start, group[-1]["day"])
        said = sentence(known, group[0]) if len(group) == 1 else several(known, group)
        text = said[:1].upper() + said[1:] + _after(known, start, group, log) + "."
        yield Sentence(first, last, text, tuple(int(row["event"]) + 1 for row in group))


def _after(known: Known, start: datetime.date, group: list[Row], log: list[Row]) -> str:
    """Return the event behind a single event, if it says something that the sentence does not."""
    row, behind = group[0], int(group[0]["cause"])
    if len(group) > 1 or row["kind"] not in CAUSED or not 0 <= behind < len(log):
        return ""
    other = log[behind]
    if other["kind"] == "plan-changes" and row["kind"] != "offensive-begins":
        return ""
    day = start + datetime.timedelta(days=int(other["day"]))
    when = "" if other["day"] == row["day"] else f" on {day.day} {day:%b}"
    return f", after {cause(known, other)}{when}"


def _iso(start: datetime.date, day: int) -> str:
    return (start + datetime.timedelta(days=int(day))).isoformat()


def lines(story: Story) -> Iterator[str]:
    """Yield the story as paragraphs of plain text: a heading and a paragraph for each phase, dates before sentences."""
    for phase in story.phases:
        yield f"{phase.title} ({_day(phase.first)} – {_day(phase.last, year=True)})"
        yield " ".join(f"{dated(each)} [{_numbers(each.events)}]" for each in phase.sentences)
        yield ""


def dated(said: Sentence) -> str:
    """Return a sentence with its date or dates in front."""
    if said.first == said.last:
        return f"{_day(said.first)}: {said.text}"
    return f"{_day(said.first)} to {_day(said.last)}: {said.text}"


def _numbers(events: tuple[int, ...]) -> str:
    shown = ", ".join(str(number) for number in events[:3])
    return shown if len(events) <= 3 else f"{shown} … {events[-1]}"


def _day(iso: str, *, year: bool = False) -> str:
    day = datetime.date.fromisoformat(iso)
    return f"{day.day} {day:%b %Y}" if year else f"{day.day} {day:%b}"
