"""Indices of everything that has a name: the kernel knows numbers only."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fastness.scenario.model import Convoy, Group, Patron, Place, Route, Scenario

ROLES = ("defender", "besieger")


def entity(name: str) -> int:
    """Return the stable 32-bit hash by which random numbers are addressed; the same name always has the same luck."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest(), "big")


def _index(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}


@dataclass(frozen=True)
class Names:
    """Ids in the order of the kernel's tables; places and routes by id, so that reordering changes nothing."""

    scenario: Scenario

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Places in the kernel's order."""
        return tuple(sorted(self.scenario.places, key=lambda place: place.id))

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """Routes in the kernel's order."""
        return tuple(sorted(self.scenario.routes, key=lambda route: route.id))

    @cached_property
    def side(self) -> dict[str, int]:
        """Index of a side: the defender is 0, the besieger 1."""
        return {name: ROLES.index(side.role) for name, side in sorted(self.scenario.sides.items())}

    @cached_property
    def side_ids(self) -> tuple[str, ...]:
        """Ids of the sides in the kernel's order."""
        return tuple(sorted(self.side, key=lambda name: self.side[name]))

    @cached_property
    def place(self) -> dict[str, int]:
        """Index of a place."""
        return _index(place.id for place in self.places)

    @cached_property
    def route(self) -> dict[str, int]:
        """Index of a route."""
        return _index(route.id for route in self.routes)

    @cached_property
    def window(self) -> dict[str, int]:
        """Index of a window."""
        return _index(sorted(self.scenario.windows))

    @cached_property
    def latent(self) -> dict[str, int]:
        """Index of a contested fact: a belief with a chance."""
        return _index(sorted(name for name, belief in self.scenario.beliefs.items() if belief.chance is not None))

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Groups in the kernel's order."""
        return tuple(sorted(self.scenario.groups, key=lambda group: group.id))

    @cached_property
    def patrons(self) -> tuple[Patron, ...]:
        """Patrons in the kernel's order."""
        return tuple(sorted(self.scenario.patrons, key=lambda patron: patron.id))

    @cached_property
    def convoys(self) -> tuple[Convoy, ...]:
        """Convoys in the kernel's order."""
        return tuple(sorted(self.scenario.convoys, key=lambda convoy: convoy.id))

    @cached_property
    def patron(self) -> dict[str, int]:
        """Index of a patron."""
        return _index(patron.id for patron in self.patrons)

    @cached_property
    def leader(self) -> dict[str, int]:
        """Index of a leader."""
        return _index(sorted(self.scenario.leaders))

    @cached_property
    def convoy(self) -> dict[str, int]:
        """Index of a convoy."""
        return _index(convoy.id for convoy in self.convoys)

    @cached_property
    def question(self) -> dict[str, int]:
        """Index of a question, in the order written."""
        return _index(self.scenario.questions)

    @cached_property
    def written(self) -> dict[str, float]:
        """Every number of the tables by its path, to share a total that a belief sets over several rows."""
        scenario = self.scenario
        tables: Iterable[tuple[str, Iterable[tuple[str, Any]]]] = (
            ("sides", scenario.sides.items()),
            ("places", ((row.id, row) for row in scenario.places)),
            ("routes", ((row.id, row) for row in scenario.routes)),
            ("forces", ((row.id, row) for row in scenario.forces)),
            ("stocks", ((row.id, row) for row in scenario.stocks)),
            ("groups", ((row.id, row) for row in scenario.groups)),
            ("patrons", ((row.id, row) for row in scenario.patrons)),
            ("convoys", ((row.id, row) for row in scenario.convoys)),
            ("leaders", scenario.leaders.items()),
        )
        return {
            f"{table}.{key}.{field}": float(value)
            for table, rows in tables
            for key, row in rows
            for field, value in row
            if isinstance(value, int | float)
        }
