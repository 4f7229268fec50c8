"""Scenario to World: the tables that no campaign changes."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from fastness.compile.expressions import Program, Span
from fastness.compile.names import Names, entity
from fastness.kernel import world as kernel
from fastness.kernel.rows import dtype_of
from fastness.scenario.model import Block, Patron, Question, Route

#: cells of one row, in the order of its fields
Cells = tuple[float, ...]

TERRAIN = {"flat": kernel.FLAT, "rolling": kernel.ROLLING, "rugged": kernel.RUGGED, "urban": kernel.URBAN}
SEASON = {"open": kernel.ALL_YEAR, "closures": kernel.CLOSURES, "winter": kernel.WINTER}
TREATMENT = {"equal": 0.0, "discriminated": 0.5, "repressed": 1.0}
JULY = 7
Z95 = 1.6448536269514722


def build_world(names: Names) -> kernel.World:
    """Return the World of a scenario as record arrays."""
    program = Program(names)
    blocks, orders = _plans(names, program)
    questions = [_question(names, question, program) for question in names.scenario.questions.values()]
    rows: dict[str, tuple[type, Sequence[Cells]]] = {
        "day": (kernel.Day, _calendar(names)),
        "place": (kernel.PlaceFacts, _places(names)),
        "route": (kernel.RouteFacts, _routes(names)),
        "link": (kernel.Link, [link for links in _links(names) for link in links]),
        "side": (kernel.SideFacts, _sides(names, blocks)),
        "depot": (kernel.Depot, _depots(names)),
        "window": (kernel.WindowFacts, _windows(names)),
        "arrival": (kernel.Arrival, _arrivals(names)),
        "program": (kernel.Instruction, program.steps),
        "block": (kernel.BlockFacts, [row for side in names.side_ids for row in blocks[side]]),
        "order": (kernel.Order, orders),
        "question": (kernel.QuestionFacts, questions),
        "group": (kernel.GroupFacts, _groups(names)),
        "patron": (kernel.PatronFacts, _patrons(names)),
        "leader": (kernel.LeaderFacts, _leaders(names)),
        "convoy": (kernel.ConvoyFacts, _convoys(names)),
    }
    tables = {name: np.array(list(found), dtype=dtype_of(row)) for name, (row, found) in rows.items()}
    return kernel.World(**tables)  # type: ignore[arg-type]


def days_of(names: Names) -> int:
    """Return the number of days that a campaign lasts, first and last included."""
    clock = names.scenario.clock
    return (clock.end - clock.start).days + 1


def _day_number(names: Names, day: date) -> int:
    return (day - names.scenario.clock.start).days


def _calendar(names: Names) -> list[Cells]:
    rows: list[Cells] = []
    for number in range(days_of(names)):
        today = names.scenario.clock.start + timedelta(days=number)
        winter = today.year + (today.month >= JULY)  # the year in which the winter ends
        winter_day = (today - date(winter, 1, 1)).days
        rows.append((today.month, winter, winter_day, (today.year - 1946) / 100))
    return rows


def _links(names: Names) -> list[list[tuple[int, int]]]:
    links: list[list[tuple[int, int]]] = [[] for _ in names.places]
    for number, route in enumerate(names.routes):
        start, end = names.place[route.start], names.place[route.end]
        links[start].append((number, end))
        links[end].append((number, start))
    return links


def _places(names: Names) -> list[Cells]:
    rows: list[Cells] = []
    first = 0
    for place, links in zip(names.places, _links(names), strict=True):
        holder = names.side[place.holder] if place.holder else kernel.NOBODY
        rows.append(
            (
                entity(f"place {place.id}"),
                place.elevation_m,
                TERRAIN[place.terrain],
                holder,
                place.district_of is not None,
                place.inside,
                place.market_t_per_day,
                place.airfield,
                first,
                first + len(links),
            )
        )
        first += len(links)
    return rows


def _routes(names: Names) -> list[Cells]:
    def row(route: Route) -> Cells:
        return (
            entity(f"route {route.id}"),
            names.place[route.start],
            names.place[route.end],
            route.length_km,
            route.capacity_t_per_day,
            route.highest_point_m,
            route.frontage_km,
            route.kind == "road",
            SEASON[route.season],
        )

    return [row(route) for route in names.routes]


def _sides(names: Names, blocks: dict[str, list[Cells]]) -> list[Cells]:
    rows: list[Cells] = []
    first = 0
    for name in names.side_ids:
        side = names.scenario.sides[name]
        end = first + len(blocks[name])
        rows.append(
            (
                entity(f"side {name}"),
                names.place[side.home],
                side.reserve_population,
                side.helicopters,
                first,
                end,
            )
        )
        first = end
    return rows


def _depots(names: Names) -> list[Cells]:
    return [(names.side[stock.side], names.place[stock.place]) for stock in depots(names)]


def depots(names: Names) -> list[Any]:
    """Return the stocks that receive supply from off the map."""
    return sorted((stock for stock in names.scenario.stocks if stock.supply_t_per_day > 0), key=lambda stock: stock.id)


def _windows(names: Names) -> list[Cells]:
    rows: list[Cells] = []
    for name in names.window:
        window = names.scenario.windows[name]
        start = _day_number(names, window.start) if window.start else 0
        rows.append((start, names.side[window.restrains] if window.restrains else kernel.NOBODY))
    return rows


def _arrivals(names: Names) -> list[Cells]:
    return [
        (names.side[force.side], names.place[force.place], names.latent[force.needs] if force.needs else kernel.NOBODY)
        for force in arriving(names)
    ]


def arriving(names: Names) -> list[Any]:
    """Return the forces that arrive after the first day or only if a fact is true."""
    return sorted(
        (force for force in names.scenario.forces if force.arrives or force.needs), key=lambda force: force.id
    )


def _plans(names: Names, program: Program) -> tuple[dict[str, list[Cells]], list[Cells]]:
    orders: list[Cells] = []
    blocks: dict[str, list[Cells]] = {}
    for side in names.side_ids:
        blocks[side] = []
        for number, block in enumerate(names.scenario.plans.get(side, ())):
            first = len(orders)
            orders += _orders(names, block)
            label = f"{side} plan {number} {block.intent}"
            blocks[side].append(_block(names, block, label, program.add(block.condition), first, len(orders)))
    return blocks, orders


def _orders(names: Names, block: Block) -> list[Cells]:
    told = block.orders
    rows: list[Cells] = [(kernel.HOLD, names.place[place], weight) for place, weight in told.hold.items()]
    rows += [(kernel.BLOCKADE, names.place[place], 1.0) for place in told.blockade]
    rows += [(kernel.AXIS, names.place[place], 1.0) for place in told.axes]
    rows += [(kernel.BLOCK, names.route[route], 0.0) for route in told.block]
    rows += [(kernel.RAID, names.place[place], 0.0) for place in told.raid]
    return rows


def _block(names: Names, block: Block, label: str, condition: Span, first_order: int, end_order: int) -> Cells:
    told, delay = block.orders, block.delay
    median, sigma = 0.0, 0.0
    if delay and delay.p50 > 0:
        median = delay.p50
        sigma = float(np.log(max(delay.p95, delay.p50) / max(min(delay.p5, delay.p50), 1e-3))) / (2 * Z95)
    return (
        entity(label),
        _day_number(names, block.start) if block.start else 0,
        _day_number(names, block.until) if block.until else days_of(names),
        condition.first,
        condition.end,
        median,
        sigma,
        first_order,
        end_order,
        names.place[told.assault] if told.assault else kernel.NOBODY,
        told.commit,
        told.ration,
        told.disperse,
        told.harsh,
        told.talk,
        told.unite,
        told.let_pass,
        told.blackout,
    )


def _question(names: Names, question: Question, program: Program) -> Cells:
    condition = program.add(question.holds)
    start = _day_number(names, question.start) if question.start else 0
    if question.on:
        start = until = _day_number(names, question.on)
    elif question.by:
        until = _day_number(names, question.by)
    elif question.before:
        until = _day_number(names, question.before) - 1
    return (start, until, condition.first, condition.end)


def _groups(names: Names) -> list[Cells]:
    besieger = names.side_ids[kernel.BESIEGER]
    return [
        (
            entity(f"group {group.id}"),
            group.share_inside,
            group.share,
            group.kin != besieger,
            TREATMENT[group.treatment],
        )
        for group in names.groups
    ]


def _patrons(names: Names) -> list[Cells]:
    def row(patron: Patron) -> Cells:
        return (
            entity(f"patron {patron.id}"),
            names.side[patron.favours] if patron.favours else kernel.NOBODY,
            names.patron[patron.follows] if patron.follows else kernel.NOBODY,
            names.place[patron.through] if patron.through else kernel.NOBODY,
            patron.by_air,
            patron.aid_t_per_day,
            names.side[patron.recognises] if patron.recognises else kernel.NOBODY,
            patron.guarantor,
            patron.evacuates,
        )

    return [row(patron) for patron in names.patrons]


def _leaders(names: Names) -> list[Cells]:
    leaders = names.scenario.leaders
    first = {leader.side: name for name, leader in reversed(leaders.items())}
    return [
        (
            entity(f"leader {name}"),
            names.side[leaders[name].side],
            first[leaders[name].side] == name,
            leaders[name].veto,
            leaders[name].bargaining,
            leaders[name].successor,
        )
        for name in names.leader
    ]


def _convoys(names: Names) -> list[Cells]:
    return [
        (
            entity(f"convoy {convoy.id}"),
            names.place[convoy.start],
            names.place[convoy.end],
            round(convoy.lorries),
            max(1, round(convoy.every_days)),
            _day_number(names, convoy.first) if convoy.first else 0,
            _day_number(names, convoy.last) if convoy.last else days_of(names),
            round(convoy.evacuees),
        )
        for convoy in names.convoys
    ]
