"""Rules on plans, questions and the expressions in them."""

from collections.abc import Iterator

from fastness.scenario.draft import Draft
from fastness.scenario.expressions import ExpressionError, check_expression, parse
from fastness.scenario.model import Block, Orders, Question
from fastness.scenario.positions import Address, Finding


def rules(draft: Draft) -> Iterator[Finding]:
    """Yield what is wrong with plan blocks, orders, questions and expressions."""
    ways = ways_of(draft) if {"routes", "places"} <= draft.sound else None
    for side, blocks in draft.scenario.plans.items():
        yield from _in_order(side, blocks)
        for number, block in enumerate(blocks):
            here = ("plans", side, number)
            yield from _block(here, block, draft)
            yield from _orders((*here, "orders"), block.orders, ways)
            yield from _in_its_power((*here, "orders"), side, block.orders, draft)
    for name, question in draft.scenario.questions.items():
        yield from _question(("questions", name), question)
        yield from _expression(("questions", name, "holds"), question.holds, draft)


def _in_order(side: str, blocks: tuple[Block, ...]) -> Iterator[Finding]:
    """Hold that no block stands behind one that is always in force."""
    for number, block in enumerate(blocks[:-1]):
        bound = (block.start, block.until, block.condition, block.delay)
        if block.intent and bound == (None, None, None, None):
            message = f"never comes into force: '{block.intent}' above it has no dates and no condition"
            yield Finding(("plans", side, number + 1), "FS154", message, "put the block without a condition last")
            return


def _block(here: Address, block: Block, draft: Draft) -> Iterator[Finding]:
    if block.start is not None and block.until is not None and block.start > block.until:
        yield Finding((*here, "from"), "FS143", f"begins on {block.start}, after its last day {block.until}")
    delay = block.delay
    if delay is not None and not delay.p5 <= delay.p50 <= delay.p95:
        yield Finding((*here, "delay"), "FS161", "p5, p50 and p95 of a delay have to rise", on_key=True)
    if block.condition is not None:
        yield from _expression((*here, "if"), block.condition, draft)


def _expression(here: Address, text: str, draft: Draft) -> Iterator[Finding]:
    try:
        found = check_expression(parse(text), draft.names)
    except ExpressionError as fault:
        found = [fault.problem()]
    for problem in found:
        if problem.code != "FS126" or draft.names_known:
            yield Finding(here, problem.code, problem.message, problem.hint, offset=problem.offset)


def _question(here: Address, question: Question) -> Iterator[Finding]:
    given = [name for name in ("by", "before", "on") if getattr(question, name) is not None]
    if len(given) != 1:
        said = " and ".join(given) if given else "none of them"
        hint = "by counts its day, before does not, on is one day"
        message = f"a question has exactly one of by, before and on, this has {said}"
        yield Finding(here, "FS144", message, hint, on_key=True)
    elif question.start is not None and given == ["on"]:
        yield Finding((*here, "from"), "FS144", "a question on one day has no from", "remove it", on_key=True)
    elif question.start is not None and question.start > (question.by or question.before or question.start):
        yield Finding((*here, "from"), "FS143", f"begins on {question.start}, after its last day")


def ways_of(draft: Draft) -> dict[str, frozenset[str]]:
    """Return for each place the places that routes connect it with, itself included."""
    neighbours: dict[str, set[str]] = {place.id: set() for place in draft.scenario.places}
    for route in draft.scenario.routes:
        neighbours.setdefault(route.start, set()).add(route.end)
        neighbours.setdefault(route.end, set()).add(route.start)
    ways: dict[str, frozenset[str]] = {}
    for place in neighbours:
        if place not in ways:
            island = _island(place, neighbours)
            ways |= dict.fromkeys(island, island)
    return ways


def _island(place: str, neighbours: dict[str, set[str]]) -> frozenset[str]:
    found, waiting = {place}, [place]
    while waiting:
        fresh = neighbours[waiting.pop()] - found
        found |= fresh
        waiting.extend(fresh)
    return frozenset(found)


def _orders(here: Address, orders: Orders, ways: dict[str, frozenset[str]] | None) -> Iterator[Finding]:
    """Hold that a side can obey: an assault has somewhere to come from, a blockade has traffic to stop."""
    if orders.assault is not None and not orders.axes:
        hint = "name the places where it assembles"
        yield Finding((*here, "assault"), "FS153", "an assault without axes goes nowhere", hint, on_key=True)
    if orders.axes and orders.assault is None:
        hint = "say what to assault"
        yield Finding((*here, "axes"), "FS153", "axes without an assault lead nowhere", hint, on_key=True)
    if orders.assault is not None and orders.disperse:
        yield Finding((*here, "disperse"), "FS153", "a side that disperses cannot assault", on_key=True)
    if ways is None:
        return
    for number, axis in enumerate(orders.axes if orders.assault is not None else ()):
        if axis == orders.assault:
            yield Finding((*here, "axes", number), "FS153", f"the assault on '{axis}' cannot assemble there")
        elif axis in ways and orders.assault in ways and orders.assault not in ways[axis]:
            yield Finding((*here, "axes", number), "FS153", f"no way leads from '{axis}' to '{orders.assault}'")
    for number, place in enumerate(orders.blockade):
        if place in ways and len(ways[place]) == 1:
            yield Finding((*here, "blockade", number), "FS153", f"'{place}' has no route to blockade")


def _in_its_power(here: Address, side: str, orders: Orders, draft: Draft) -> Iterator[Finding]:
    """Hold that an order is one for this side: only the besieger can shut in, only the defender speaks for its people.

    Nothing is refused that depends on who holds a place, which changes: a raid on it, or its garrison once it is taken.
    """
    known = draft.scenario.sides.get(side)
    if known is None:
        return
    if known.role == "defender":
        for given, key, said in (
            (bool(orders.blockade), "blockade", "the enclosed side has nobody to blockade"),
            (orders.let_pass != 1, "let_pass", "whether relief passes is up to the besieger"),
            (orders.blackout, "blackout", "the enclosed side cannot cut its own lines"),
        ):
            if given:
                yield Finding((*here, key), "FS153", said, "leave it to the besieger's plan", on_key=True)
    elif orders.unite:
        message = "other groups can only be won over to the defenders' movement"
        yield Finding((*here, "unite"), "FS153", message, "leave it to the defender's plan", on_key=True)
    if known.role == "defender" and orders.unite and draft.document.get("groups") in (None, [], ()):
        hint = "add the table groups, or remove the order"
        yield Finding((*here, "unite"), "FS153", "there are no groups to win over", hint, on_key=True)
    if known.role == "besieger" and orders.let_pass != 1 and draft.document.get("convoys") in (None, [], ()):
        hint = "add the table convoys, or remove the order"
        yield Finding((*here, "let_pass"), "FS153", "there are no relief convoys to let pass", hint, on_key=True)
