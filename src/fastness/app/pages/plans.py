"""The plans of the sides as readable blocks: the first whose dates and condition hold is in force."""

from collections.abc import Mapping
from typing import Any

from fastness.app.desk import Desk
from fastness.app.entries import shown
from fastness.app.frame import Page
from fastness.app.pages._scenario import Session, scenario_frame
from fastness.app.parts import block, text
from fastness.scenario.model import Block, Orders
from fastness.scenario.schema import model_table

ORDERS = {
    "hold": "hold {}", "blockade": "blockade from {}", "assault": "take {}", "axes": "assemble at {}",
    "block": "close {}", "raid": "raid {}", "commit": "send {} of what can be sent", "harsh": "reprisals × {}",
    "let_pass": "let {} of the relief pass", "ration": "eat {} of a full ration",
}  # fmt: skip
SAYS = {
    "talk": "seek talks", "unite": "speak for the whole people", "blackout": "cut the stronghold’s lines",
    "disperse": "leave the ground and fight on as guerrillas",
}  # fmt: skip


async def build(desk: Desk, where: str, name: str) -> None:
    """Build the page."""
    session = Session(desk, f"{where}/{name}")
    with scenario_frame(session, "plans"):
        text("p", "Read from the top: the first block whose dates and condition hold is in force.", "note")
        plans = session.document.get("plans")
        with block("div", "watch"):
            for side, blocks in (plans if isinstance(plans, dict) else {}).items():
                with block("section", aria_label=f"Plan of {side}"):
                    text("h2", session.value(("sides", side, "name")) or side)
                    with block("ol", "plan"):
                        for number, each in enumerate(blocks if isinstance(blocks, list) else ()):
                            _block(session, side, number, each if isinstance(each, dict) else {})


def _block(session: Session, side: str, number: int, written: Mapping[str, Any]) -> None:
    with block("li", "tile"):
        text("h3", shown(written.get("intent")) or "no intent")
        when = when_of(written)
        if when:
            text("p", when, "facts")
        orders = written.get("orders")
        text("p", orders_of(orders if isinstance(orders, Mapping) else {}), "says")
        with block("details"):
            text("summary", "Change" if session.mine else "Fields")
            with block("div", "form"):
                for row in model_table(Block):
                    if row.name not in ("delay", "orders"):
                        session.field(("plans", side, number, row.name), row)
                for row in model_table(Orders):
                    session.field(("plans", side, number, "orders", row.name), row)


def when_of(written: Mapping[str, Any]) -> str:
    """Say when a block may be in force."""
    delay = written.get("delay")
    days = f"{shown(delay.get('p5'))}–{shown(delay.get('p95'))} days later" if isinstance(delay, Mapping) else ""
    dates = " ".join(f"{word} {shown(written[word])}" for word in ("from", "until") if written.get(word))
    condition = f"if {shown(written['if'])}" if written.get("if") else ""
    return ", ".join(filter(None, (dates, condition, days)))


def orders_of(orders: Mapping[str, Any]) -> str:
    """Say what a block orders."""
    said = [ORDERS[key].format(shown(value)) for key, value in orders.items() if key in ORDERS]
    said += [words for key, words in SAYS.items() if orders.get(key) is True]
    return "; ".join(said).capitalize() + "." if said else "Nothing in particular."


PAGE = Page("/scenarios/{where}/{name}/plans", build)
