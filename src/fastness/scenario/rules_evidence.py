"""Rules on beliefs and on the claims that inform them."""

import math
import re
from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Final

from fastness.errors import did_you_mean
from fastness.scenario.draft import Draft
from fastness.scenario.fields import no_such
from fastness.scenario.model import Belief, Claim
from fastness.scenario.paths import Target, Wrong, find
from fastness.scenario.positions import Finding
from fastness.units import Quantity, amount, same_unit

MECHANISMS: Final = 22
#: what may differ between campaigns; the rest of the map is the same in all of them
_CONTESTABLE: Final = {
    "sides": ("reserve", "pilots"),
    "places": ("population", "food_days", "unrest", "sympathy"),
    "routes": ("blocked",),
    "forces": ("fighters", "quality", "vehicles", "armour", "artillery", "aircraft", "arrives"),
    "stocks": ("food_t", "fuel_t", "ammunition_t", "supply_t_per_day"),
    "windows": ("until",),
    "groups": ("affinity",),
    "patrons": ("aid", "recognition"),
    "leaders": ("standing", "reservation"),
    "talks": ("open", "offer"),
    "convoys": ("passes",),
}
_PERCENTILES: Final = ("p5", "p50", "p95")


def rules(draft: Draft) -> Iterator[Finding]:
    """Yield what is wrong with beliefs, with what they set, and with claims."""
    for name, belief in draft.scenario.beliefs.items():
        yield from _shape(name, belief)
        yield from _targets(name, belief, draft)
    yield from _set_once(draft)
    for claim in draft.scenario.claims:
        yield from _binding(claim, draft)
        yield from _range(claim)
    yield from _contradictions(draft)


def _levels(belief: Belief) -> tuple[float | date, ...]:
    return tuple(level for level in (belief.p5, belief.p50, belief.p95) if level is not None)


def _shape(name: str, belief: Belief) -> Iterator[Finding]:
    """Either a chance or three percentiles in order, on a scale that can hold them."""
    here = ("beliefs", name)
    levels = _levels(belief)
    if belief.chance is not None and levels:
        yield Finding((*here, "chance"), "FS160", "a belief has a chance or percentiles, not both", on_key=True)
    elif belief.chance is None and len(levels) < 3:
        missing = [key for key in _PERCENTILES if getattr(belief, key) is None]
        lacks = f"lacks {' and '.join(missing)}" if levels else "has neither a chance nor percentiles"
        yield Finding(here, "FS160", f"belief '{name}' {lacks}", "give chance, or p5, p50 and p95", on_key=True)
    elif levels and len({isinstance(level, date) for level in levels}) > 1:
        yield Finding((*here, "p50"), "FS160", "percentiles are all dates or all numbers")
    elif levels and not levels[0] <= levels[1] <= levels[2]:  # type: ignore[operator]  # one kind, as just checked
        said = ", ".join(level.isoformat() if isinstance(level, date) else amount(level) for level in levels)
        yield Finding((*here, "p50"), "FS161", f"p5, p50 and p95 have to rise, they are {said}")
    else:
        yield from _scale(name, belief, levels)
    if levels and (belief.said_if_true or belief.said_if_false):
        key = "said_if_true" if belief.said_if_true else "said_if_false"
        yield Finding((*here, key), "FS164", "only a belief with a chance can be said if true", on_key=True)


def _scale(name: str, belief: Belief, levels: tuple[float | date, ...]) -> Iterator[Finding]:
    numbers = [level for level in levels if not isinstance(level, date)]
    here = ("beliefs", name, "scale")
    if belief.scale in (None, "linear") or not levels:
        return
    if not numbers:
        yield Finding(here, "FS162", "dates have a linear scale", "leave it out")
    elif numbers[0] <= 0:
        message = f"must be more than 0 on the scale {belief.scale}, is {amount(numbers[0])}"
        yield Finding(("beliefs", name, "p5"), "FS162", message)
    elif belief.scale == "logit" and numbers[2] >= 1:
        message = f"must be less than 1 on the scale logit, is {amount(numbers[2])}"
        yield Finding(("beliefs", name, "p95"), "FS162", message)


def _targets(name: str, belief: Belief, draft: Draft) -> Iterator[Finding]:
    """Everything that a belief sets exists and is of its sort, unit and range."""
    for number, path in enumerate(belief.sets):
        here = ("beliefs", name, "sets", number)
        target = find(path, draft.known)
        if isinstance(target, Wrong):
            yield Finding(here, target.code, target.message, target.hint)
        elif target.address[0] in ("beliefs", "clock") or target.sort not in ("number", "date"):
            hint = "it can set numbers, and dates of windows and forces"
            yield Finding(here, "FS118", f"a belief cannot set '{path}'", hint)
        elif path.split(".")[0] in _CONTESTABLE and path.split(".")[-1] not in _CONTESTABLE[path.split(".")[0]]:
            fields = ", ".join(_CONTESTABLE[path.split(".")[0]])
            message = f"a belief cannot set '{path}': it is the same in all campaigns"
            yield Finding(
                here, "FS118", message, f"of {path.split('.')[0]} it can set {fields}; a variant can change the rest"
            )
        elif belief.chance is not None and not _levels(belief):
            if target.quantity is None or target.quantity.unit != "1":
                yield Finding(here, "FS164", f"a yes/no belief sets 0 or 1, '{path}' is not such a number")
        else:
            yield from _fit(name, belief, path, target)


def _fit(name: str, belief: Belief, path: str, target: Target) -> Iterator[Finding]:
    here = ("beliefs", name)
    levels = _levels(belief)
    if (target.sort == "date") != any(isinstance(level, date) for level in levels) and levels:
        hint = f"give each percentile as a {target.sort}"
        yield Finding((*here, "p50"), "FS118", f"'{path}' is a {target.sort}", hint)
        return
    quantity = target.quantity
    if quantity is None:
        return
    if not same_unit(belief.unit, quantity.unit):
        yield Finding((*here, "unit"), "FS134", f"'{path}' is in '{quantity.unit}', the belief in '{belief.unit}'")
    elif len(belief.sets) == 1:
        yield from _in_range(name, belief, path, quantity)


def _in_range(name: str, belief: Belief, path: str, quantity: Quantity) -> Iterator[Finding]:
    for key, level in zip(_PERCENTILES, (belief.p5, belief.p50, belief.p95), strict=True):
        if not isinstance(level, int | float):
            continue
        if quantity.ge is not None and level < quantity.ge:
            message = f"'{path}' must be {amount(quantity.ge)} or more, this is {amount(level)}"
            yield Finding(("beliefs", name, key), "FS131", message)
        elif quantity.le is not None and level > quantity.le:
            message = f"'{path}' must be {amount(quantity.le)} or less, this is {amount(level)}"
            yield Finding(("beliefs", name, key), "FS132", message)


def _set_once(draft: Draft) -> Iterator[Finding]:
    setters = {f"parameters.{name}": "the fixed parameters" for name in draft.scenario.parameters}
    for name, belief in draft.scenario.beliefs.items():
        for number, path in enumerate(belief.sets):
            if path in setters:
                message = f"'{path}' is already set by {setters[path]}"
                yield Finding(("beliefs", name, "sets", number), "FS163", message, "one value has one belief")
            setters.setdefault(path, f"belief '{name}'")


def _binding(claim: Claim, draft: Draft) -> Iterator[Finding]:
    """Hold that the target of a claim exists, and that a claim which informs nothing says why."""
    here = ("claims", claim.id, "target")
    target = claim.target or ""
    if claim.binds == "context":
        if not claim.reason.strip():
            message = f"claim '{claim.id}' is context without a reason"
            yield Finding(("claims", claim.id, "reason"), "FS171", message, "say why it informs no belief")
    elif not target:
        yield Finding(here, "FS170", f"claim '{claim.id}' has no target", f"name what its '{claim.binds}' is")
    elif claim.binds == "awaits":
        number = re.fullmatch(r"M(\d\d)", target)
        if number is None or not 1 <= int(number[1]) <= MECHANISMS:
            yield Finding(here, "FS170", f"'{target}' is not a mechanism", f"M01 to M{MECHANISMS}")
    elif claim.binds == "belief":
        yield from _on_belief(claim, target, draft)
    else:
        yield from _on_path(claim, target, draft)


def _on_belief(claim: Claim, target: str, draft: Draft) -> Iterator[Finding]:
    if draft.known.lacks("belief", target):
        message, hint = no_such("belief", target, draft.known.names["belief"])
        yield Finding(("claims", claim.id, "target"), "FS170", message, hint)
    elif claim.kind != "unknown" and claim.stance == "supports" and target in draft.names.beliefs:
        yield from _amount(claim, draft.names.beliefs[target])


def _amount(claim: Claim, belief: Belief) -> Iterator[Finding]:
    """Hold that a claim on a quantity says how much, in words that the table knows or numbers that the scale has."""
    here = ("claims", claim.id)
    if len(_levels(belief)) < 3 or isinstance(belief.p5, date):
        return
    if claim.value is None and claim.low is None and claim.high is None and not claim.words:
        message = f"claim '{claim.id}' on a quantity gives no value"
        yield Finding(here, "FS173", message, "give value, low and high, or words")
        return
    from fastness.scenario.scales import read_claim, word_tables

    try:
        reading = read_claim(claim, belief)
    except ValueError:  # the belief itself is wrong, and said to be
        return
    if isinstance(reading, str) and "words" in reading:
        known = chain.from_iterable(word_tables().values())
        yield Finding((*here, "words"), "FS173", reading, did_you_mean(claim.words or "", known))
    elif isinstance(reading, str) and "scale" in reading:
        yield Finding((*here, "low" if claim.value is None else "value"), "FS173", reading)


def _on_path(claim: Claim, target: str, draft: Draft) -> Iterator[Finding]:
    is_parameter = claim.binds == "parameter" and not target.startswith("parameters.")
    found = find(f"parameters.{target}" if is_parameter else target, draft.known)
    if isinstance(found, Wrong):
        yield Finding(("claims", claim.id, "target"), "FS170", found.message, found.hint)
    elif claim.binds == "entry" and found.address[0] in ("beliefs", "parameters"):
        here = ("claims", claim.id, "binds")
        yield Finding(here, "FS170", f"'{target}' is not an entry", f"write {found.address[0][:-1]}")


def _range(claim: Claim) -> Iterator[Finding]:
    if claim.low is not None and claim.high is not None and claim.low > claim.high:
        message = f"a range has to rise, it is {amount(claim.low)} to {amount(claim.high)}"
        yield Finding(("claims", claim.id, "low"), "FS161", message)


def _contradictions(draft: Draft) -> Iterator[Finding]:
    """Two established claims on one target cannot both be certain when they exclude each other."""
    certain: dict[tuple[str, str | None], list[Claim]] = {}
    for claim in draft.scenario.claims:
        if claim.kind != "established" or claim.binds not in ("belief", "parameter", "entry"):
            continue
        others = certain.setdefault((claim.binds, claim.target), [])
        clash = next((other for other in others if _exclude(other, claim)), None)
        if clash is not None:
            message = f"claim '{claim.id}' contradicts '{clash.id}' on '{claim.target}', and both are established"
            yield Finding(("claims", claim.id, "kind"), "FS172", message, "make one of them a claim")
        others.append(claim)


def _exclude(one: Claim, other: Claim) -> bool:
    spans = _span(one), _span(other)
    if spans[0] is None or spans[1] is None:
        return one.stance != other.stance
    apart = max(spans[0][0], spans[1][0]) > min(spans[0][1], spans[1][1])
    close = math.isclose(max(spans[0][0], spans[1][0]), min(spans[0][1], spans[1][1]), rel_tol=1e-9)
    overlap = not apart or close
    return overlap != (one.stance == other.stance)


def _span(claim: Claim) -> tuple[float, float] | None:
    if claim.low is not None and claim.high is not None:
        return claim.low, claim.high
    return None if claim.value is None else (claim.value, claim.value)
