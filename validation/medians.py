"""Registry parameters at their medians, as the kernel's functions take them."""

from collections import namedtuple
from functools import cache

from fastness.kernel.state import Parameters
from fastness.parameters import quantile, registry


@cache
def middle(groups: tuple[str, ...]) -> Parameters:
    """Return the parameters of some groups at their medians, as a named tuple (one type, so compiled once)."""
    rows = [row for row in registry().values() if row.name.split(".")[0] in groups]
    fields = namedtuple("Parameters", [row.field for row in rows])
    return fields(*(float(quantile(row.prior, 0.5)) for row in rows))


def medians(*groups: str, **changed: float) -> Parameters:
    """Return the parameters of some groups (`march`, `hunger`) at their medians, some of them changed."""
    return middle(groups)._replace(**changed)
