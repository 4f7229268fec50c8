"""The plans of a coarse scenario: storm, starve, close the ring or leave; hold, share out, break in from outside."""

from collections.abc import Sequence
from typing import Any, Final

from fastness.history.cases import Case
from fastness.history.coarse_sizes import BESIEGER, DAYS, DEFENDER, Sizes, numbers

#: number of the besieger's block that gives the siege up
LIFT_BLOCK: Final = 1


def plans_of(case: Case, sizes: Sizes) -> dict[str, Any]:
    """Return both sides' plans; the besieger's second block gives the siege up."""
    return {BESIEGER: _besieger_plan(case, sizes), DEFENDER: _defender_plan(case, sizes)}


def _delay(points: Sequence[float], factors: Sequence[float] = (1.0, 1.0, 1.0)) -> dict[str, float]:
    """Return a delay: three points, each multiplied, none beyond what is played."""
    keys = ("p5", "p50", "p95")
    return {key: min(DAYS, point * factor) for key, point, factor in zip(keys, points, factors, strict=True)}


def _besieger_plan(case: Case, sizes: Sizes) -> list[dict[str, Any]]:
    given = numbers()["storm"]
    talk = case.talks == "open" or bool(case.guarantor)
    season = given["season"][case.season_hinders] if case.season_hinders is not None else given["season_unknown"]
    ring = {"blockade": ["camp", "gap"], "hold": {"rear": 0.1}, "commit": 0.9}
    plan = [
        {
            "intent": "keep what was taken",
            "if": f'holder("core") == "{BESIEGER}"',
            "orders": {"hold": {"core": 1, "camp": 1}, "commit": 0.8},
        },
        {
            "intent": "give the siege up",
            "if": 'truth("would-leave")',
            "delay": _delay(numbers()["leave"]["days"]),
            "orders": {"hold": {"rear": 1}, "commit": 1, "talk": True},
        },
        {
            "intent": "close the ring",
            "if": f'truth("means-to-close") and holder("gap") != "{BESIEGER}"',
            "delay": _delay(given["close_days"], season),
            "orders": {
                "assault": "gap",
                "axes": ["camp"],
                "hold": {"camp": 1, "rear": 0.1},
                "commit": 0.9,
                "talk": talk,
            },
        },
        {
            "intent": "storm it",
            "if": 'truth("means-to-storm")',
            "delay": _delay(given["days"], season),
            "orders": {**ring, "assault": "core", "axes": ["camp"], "talk": talk},
        },
        {"intent": "starve it out", "orders": {**ring, "talk": True}},
    ]
    return plan if case.road_corridor == "open" else [plan[0], plan[1], *plan[3:]]


def _defender_plan(case: Case, sizes: Sizes) -> list[dict[str, Any]]:
    hold = {belt: 2.0 if k == 0 else 1.0 for k, belt in enumerate(sizes.belts)}
    if case.road_corridor == "open":
        hold["gap"] = 0.5
    broken = "camp" if case.road_corridor == "open" else "gap"
    plan: list[dict[str, Any]] = [
        {
            "intent": "break the ring from outside",
            "if": f'holder("{broken}") == "{BESIEGER}" and fighters("{DEFENDER}", "outside") >= 100',
            "orders": {"hold": hold, "assault": broken, "axes": ["outside"], "commit": 1, "talk": True},
        },
        {
            "intent": "food is short, share it out",
            "if": 'food_days("core") < 20',
            "orders": {"hold": hold, "commit": 1, "ration": 0.7, "talk": True},
        },
        {"intent": "hold", "orders": {"hold": hold, "commit": 1, "talk": True}},
    ]
    if case.setting in ("mountain", "rural") and case.front != "regular-vs-regular":
        away = {
            "intent": "take to the hills",
            "if": f'holder("core") == "{BESIEGER}"',
            "orders": {"disperse": True, "talk": True},
        }
        plan.insert(0, away)
    return plan
