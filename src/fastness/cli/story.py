"""One campaign told as a story: each event as a sentence with its date and the event behind it."""

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from fastness.ensemble import Campaign
    from fastness.scenario import Scenario

#: sentence for each kind of event; {side} and {place} are names, {n} a number of men, {what} an intent, route or window
SENTENCES: Final = {
    "plan-changes": "{side} change plan: {what}",
    "window-closes": "{what} ends",
    "force-arrives": "{n} fighters of {side} arrive at {place}",
    "pass-closes": "snow closes {what}",
    "pass-opens": "{what} is free of snow",
    "roadblock-set": "{side} block {what}",
    "roadblock-cleared": "{side} clear {what}",
    "rising": "{n} men rise at {place} and join {side}",
    "offensive-begins": "{side} begin an offensive on {place}",
    "assault-begins": "{side} assault {place} with {n} fighters",
    "place-falls": "{place} falls to {side}",
    "assault-fails": "the assault of {side} on {place} fails at a cost of {n} men",
    "dispersal": "{n} fighters of {side} leave the ground and go into the hills",
    "food-used-up": "food is used up: {whose}",
    "fuel-used-up": "fuel is used up: {whose}",
    "ammunition-used-up": "ammunition is used up: {whose}",
    "breaks-cut-off": "{n} fighters of {side} give up {place}, cut off",
    "breaks-unarmed": "{n} fighters of {side} give up {place}, out of ammunition",
}


def tell(scenario: "Scenario", campaign: "Campaign") -> Iterator[str]:
    """Yield one line per event, in the order in which they happened."""
    known = _Known(scenario)
    for row in campaign.events.to_dict("records"):
        day = scenario.clock.start + datetime.timedelta(days=int(row["day"]))
        cause = f"  (because of {int(row['cause']) + 1})" if row["cause"] >= 0 else ""
        yield f"{int(row['event']) + 1:>4}  {day.day:>2} {day:%b %Y}  {known.sentence(row)}{cause}"


class _Known:
    """Names by id and by the numbers that events carry."""

    def __init__(self, scenario: "Scenario") -> None:
        self.places = {place.id: place.name for place in scenario.places}
        self.sides = {name: side.name for name, side in scenario.sides.items()}
        self.routes = [route.name for route in sorted(scenario.routes, key=lambda route: route.id)]
        self.windows = [scenario.windows[name].name for name in sorted(scenario.windows)]
        self.intents = {side: [block.intent for block in blocks] for side, blocks in scenario.plans.items()}

    def sentence(self, row: dict[Any, Any]) -> str:
        """Return an event in words; a kind that is not known, as one of a user's own process, by its name."""
        side, place = self.sides.get(row["side"], "nobody"), self.places.get(row["place"], "")
        pattern = SENTENCES.get(row["kind"], f"{row['kind']} {place}")
        said = pattern.format(
            side=side, place=place, n=f"{row['amount']:,.0f}", what=self.what(row), whose=place or side
        )
        return said[:1].upper() + said[1:]

    def what(self, row: dict[Any, Any]) -> str:
        """Return what the event's number stands for."""
        number, kind = int(row["amount"]), row["kind"]
        if kind == "plan-changes":
            return self.intents[row["side"]][number] if number >= 0 else "none is in force"
        if kind == "window-closes":
            return self.windows[number]
        return self.routes[number] if kind.startswith(("pass", "roadblock")) else ""
