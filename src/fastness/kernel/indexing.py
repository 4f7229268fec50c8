"""Finds rows of the kernel's tables by their number alone: nothing in the kernel counts from the end.

Numba lets every index be below zero, as Python does, and looks at each before it is used; that took a sixth of the time
of a campaign. A number below zero, such as NOBODY, must not be used as an index: the reference backend has no such row
and raises.
"""

import functools
import operator
from typing import Any

import numba
from numba.core import cgutils, types
from numba.core.imputils import lower_builtin
from numba.np.arrayobj import make_array


def count_from_the_start(tables: Any) -> None:
    """Have code that is compiled from now on find rows of tables like these by their number alone."""
    for table in tables:
        kind = numba.typeof(table)
        if isinstance(kind.dtype, types.Record):
            _count_from_the_start(kind)


@functools.cache
def _count_from_the_start(kind: types.Array) -> None:
    @lower_builtin(operator.getitem, kind, types.Integer)  # type: ignore[untyped-decorator]
    def row(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        table = make_array(kind)(context, builder, arguments[0])
        return cgutils.gep_inbounds(builder, table.data, arguments[1])

    @lower_builtin(operator.getitem, kind, types.BaseTuple)  # type: ignore[untyped-decorator, attr-defined]
    def row_of_several(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        table = make_array(kind)(context, builder, arguments[0])
        numbers = cgutils.unpack_tuple(builder, arguments[1], kind.ndim)
        lengths = cgutils.unpack_tuple(builder, table.shape, kind.ndim)
        place = numbers[0]
        for number, length in zip(numbers[1:], lengths[1:], strict=True):
            place = builder.add(builder.mul(place, length), number)
        return cgutils.gep_inbounds(builder, table.data, place)
