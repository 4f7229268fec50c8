"""Hands the kernel's tables to its functions by reference: one pointer instead of some three hundred array fields.

Numba passes a named tuple of arrays by value, flattened, in every call; with forty tables that made each small function
slow to compile and slow to call. `borrow` puts the tuple on the stack of `play_batch`; functions get a pointer whose
attributes are the tables. In the reference backend it hands the tables over as they are.

Where a table lies and how long it is does not change while a campaign plays. The compiler is told so, lest it read that
anew after each call and each write.
"""

from typing import Any, TypeVar

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models, registry
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic

from fastness.kernel.inner import Borrowed
from fastness.kernel.jit import COMPILED

Tables = TypeVar("Tables")

#: position of the owner of the memory in Numba's struct of an array
OWNER = 0


@registry.register_default(Borrowed)
class BorrowedModel(models.PrimitiveModel):  # type: ignore[misc]
    """A borrowed tuple is a plain pointer to its struct."""

    def __init__(self, manager: Any, borrowed: Borrowed) -> None:
        struct = manager.lookup(borrowed.tables).get_value_type()
        super().__init__(manager, borrowed, ir.PointerType(struct))


@infer_getattr
class BorrowedAttributes(AttributeTemplate):  # type: ignore[misc]
    """The attributes of a borrowed tuple are its tables."""

    key = Borrowed

    def generic_resolve(self, borrowed: Borrowed, name: str) -> types.Type | None:
        """Return the type of a table."""
        fields = borrowed.tables.fields
        return borrowed.tables.types[fields.index(name)] if name in fields else None


@lower_getattr_generic(Borrowed)  # type: ignore[untyped-decorator]
def _load_table(context: Any, builder: Any, borrowed: Borrowed, value: Any, name: str) -> Any:
    """Return a table, whose owner is left out: the caller of `play` owns the memory, there is nothing to count."""
    pointer = cgutils.gep_inbounds(builder, value, 0, borrowed.tables.fields.index(name))
    table = ir.Constant(pointer.type.pointee, None)
    for part, kind in enumerate(pointer.type.pointee.elements):
        several = [(part, k) for k in range(kind.count)] if isinstance(kind, ir.ArrayType) else [(part,)]
        for position in several if part != OWNER else ():
            loaded = builder.load(cgutils.gep_inbounds(builder, pointer, 0, *position))
            loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
            table = builder.insert_value(table, loaded, position)
    return table


@intrinsic  # type: ignore[untyped-decorator]
def _borrow(typing_context: Any, tables: Any) -> Any:
    def put_on_stack(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = cgutils.alloca_once_value(builder, arguments[0])
        # an instruction that does nothing, and of which the compiler knows nothing: to it, the next campaign's tables
        # lie elsewhere, so that what it keeps of these ends with them
        same = ir.FunctionType(place.type, [place.type])
        return builder.call(ir.InlineAsm(same, "", "=r,0,~{memory}", side_effect=True), [place])

    return Borrowed(tables)(tables), put_on_stack


def _as_they_are(tables: Tables) -> Tables:
    return tables


#: `borrow(tables)`: the same attributes behind one pointer, valid until the function that borrows them returns
borrow = _borrow if COMPILED else _as_they_are
