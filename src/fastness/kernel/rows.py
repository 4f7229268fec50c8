"""Tables of rows with named fields: NumPy records for the compiler, plain objects for the reference backend.

A row class lists its fields with `int` (64-bit) or `float` (double). The kernel writes `state.place[p].unrest`: one
memory access once compiled, an attribute of a plain object in the reference backend.
"""

from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any, Generic, TypeVar, get_type_hints

import numpy as np
import numpy.typing as npt

Row = TypeVar("Row")
Key = int | tuple[int, ...]

_KINDS = {int: np.int64, float: np.float64}


@cache
def dtype_of(row: type) -> np.dtype[np.void]:
    """Return the record type of a row class."""
    return np.dtype([(name, _KINDS[kind]) for name, kind in get_type_hints(row).items()], align=True)


class Table(Generic[Row]):
    """Rows in a fixed shape, as plain objects; compiled code uses a record array in its place."""

    def __init__(self, records: npt.NDArray[Any]) -> None:
        names = records.dtype.names or ()
        self.shape = records.shape
        self._rows = {
            key if len(key) > 1 else key[0]: SimpleNamespace(**{name: records[key][name].item() for name in names})
            for key in np.ndindex(records.shape)
        }

    def __getitem__(self, key: Key) -> Row:
        return self._rows[key]  # type: ignore[return-value]

    def __len__(self) -> int:
        return int(self.shape[0])

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())  # type: ignore[arg-type]

    def write_to(self, records: npt.NDArray[Any]) -> None:
        """Copy the rows back into the record array they came from."""
        for key, row in self._rows.items():
            records[key] = tuple(getattr(row, name) for name in records.dtype.names or ())
