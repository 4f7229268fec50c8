"""Stories: every event is told once, with its own numbers; typical campaigns are the middles of kinds."""

import json
import re
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import synthetic

from fastness.analysis.story import Story, lines, tell
from fastness.analysis.story_typical import medoids, typical
from fastness.analysis.story_words import SENTENCES, Known, sentence, several
from fastness.ensemble import Ensemble
from fastness.errors import AnalysisError
from fastness.kernel.events import EVENTS


def log(*rows: tuple[int, str, str, str, float, int]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["day", "kind", "place", "side", "amount", "cause"])
    return table.assign(event=np.arange(len(rows)))


def told(*rows: tuple[int, str, str, str, float, int]) -> Story:
    return tell(synthetic.scenario(), 4, log(*rows))


def test_an_assault_is_told_with_what_it_was_part_of() -> None:
    story = told(
        (3, "offensive-begins", "bazarak", "taliban", 0, -1),
        (4, "assault-begins", "anaba", "taliban", 1244, 0),
        (9, "assault-fails", "anaba", "taliban", 34, 1),
    )
    start = synthetic.scenario().clock.start
    assert story.phases[0].title == "Fighting: Taliban begin an offensive on Bazarak"
    said = [each.text for phase in story.phases for each in phase.sentences]
    day = start + pd.Timedelta(days=4)
    failed = f"after the assault on Anaba on {day.day} {day:%b}"
    assert said == [
        "Taliban begin an offensive on Bazarak.",
        "Taliban assault Anaba with 1,244 men.",
        f"The assault of Taliban on Anaba fails and costs them 34 men, {failed}.",
    ]


def test_events_of_a_kind_share_a_sentence_that_counts_and_adds_up() -> None:
    story = told(*((day, "reprisals", "anaba", "taliban", 12.0, -1) for day in (6, 13, 20)))
    (only,) = story.phases[-1].sentences
    assert only.text == "Taliban kill 36 civilians at Anaba, counted in 3 bad weeks."
    assert only.events == (1, 2, 3)


def test_a_settlement_tells_its_kinds_apart() -> None:
    shared = told((5, "settlement", "", "nrf", 0.25, -1)).phases[-1].sentences[0].text
    terms = told((5, "settlement", "", "nrf", 41, -1)).phases[-1].sentences[0].text
    assert shared == "The sides settle: National Resistance Front get 25 % of power."
    assert terms == "The sides settle: 41 men of National Resistance Front lay down their arms on terms."


def test_every_kind_of_event_has_its_sentence() -> None:
    known = Known(synthetic.scenario())
    assert set(SENTENCES) == set(EVENTS)
    for kind in EVENTS:
        row = {"kind": kind, "place": "anaba", "side": "nrf", "amount": 0.0}
        assert sentence(known, row)
        assert several(known, [row, row])


def test_a_kind_of_a_users_own_process_is_told_by_its_name() -> None:
    assert told((1, "flood-comes", "anaba", "", 0, -1)).phases[0].sentences[0].text == "Flood comes Anaba."


def test_every_event_of_a_campaign_is_told_once_and_dates_hold_it(harrow: Ensemble) -> None:
    start = harrow.scenario.clock.start
    for number, events in list(harrow.events.groupby("campaign"))[:60]:
        story = tell(harrow.scenario, int(number), events)
        said = [each for phase in story.phases for each in phase.sentences]
        assert Counter(k for each in said for k in each.events) == Counter(range(1, len(events) + 1))
        days = dict(zip(events["event"] + 1, events["day"], strict=True))
        for each in said:
            dates = [(start + pd.Timedelta(days=int(days[k]))).isoformat()[:10] for k in each.events]
            assert (each.first, each.last) == (min(dates), max(dates))


def test_numbers_in_a_sentence_are_those_of_its_events(harrow: Ensemble) -> None:
    """Counts of men and people: each is an event's amount, their sum, their maximum or how many events there are."""
    checked = 0
    for number, events in list(harrow.events.groupby("campaign"))[:60]:
        amounts = dict(zip(events["event"] + 1, events["amount"], strict=True))
        kinds = dict(zip(events["event"] + 1, events["kind"], strict=True))
        for each in (each for phase in tell(harrow.scenario, int(number), events).phases for each in phase.sentences):
            if kinds[each.events[0]] not in ("reprisals", "assault-begins", "rising", "dispersal", "force-arrives"):
                continue
            mine = [amounts[k] for k in each.events]
            known = {f"{value:,.0f}" for value in (*mine, sum(mine), max(mine), len(mine))}
            assert set(re.findall(r"\d[\d,]*", each.text.split(", after")[0])) <= known
            checked += 1
    assert checked > 20


def test_medoids_sit_in_the_middle_of_three_clouds() -> None:
    rng = np.random.default_rng(5)
    middles = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
    points = np.concatenate([middle + rng.normal(size=(40, 2)) for middle in middles])
    found = medoids(points, 3)
    assert sorted(k // 40 for k in found) == [0, 1, 2]
    for k in found:
        cloud = points[k // 40 * 40 : k // 40 * 40 + 40]
        costs = ((cloud[:, None] - cloud[None]) ** 2).sum(axis=2).sum(axis=1)
        assert k % 40 == costs.argmin()


def test_kinds_share_out_all_campaigns_and_the_commonest_comes_first(harrow: Ensemble) -> None:
    found = typical(harrow)
    assert sum(kind.campaigns for kind in found.kinds) == found.campaigns == 300
    assert [kind.campaigns for kind in found.kinds] == sorted((kind.campaigns for kind in found.kinds), reverse=True)
    assert 0.2 < found.told_apart < 1.0
    for kind in found.kinds:
        assert kind.low < kind.share < kind.high
        assert all(abs(mark.within - mark.overall) >= 0.15 for mark in kind.marks)
        assert any(line for line in lines(kind.story))
    json.dumps(found.document())


def test_too_few_campaigns_have_no_kinds() -> None:
    few = SimpleNamespace(
        path="runs/few",
        scenario=synthetic.scenario(),
        outcomes=synthetic.outcomes().head(20),
    )
    with pytest.raises(AnalysisError) as fault:
        typical(few)
    assert str(fault.value) == (
        "FS456  runs/few has 20 completed campaigns, too few or too alike for typical ones; run at least 30 campaigns "
        "of a scenario whose questions are not all settled"
    )
