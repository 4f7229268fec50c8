"""Functions that only compiled code calls: their code goes into those who call them and is optimised there, once.

Numba optimises each function with all that it calls, makes machine code of it and stores that, and does the same again
for every caller, up to the process of the day. Nearly all of the kernel's four hundred functions are only used inside
another: without machine code of their own a first run compiles in half the time, into an eighth of the space. A
function that Python calls as well, such as in a test, is compiled for that when it is called.
"""

import functools
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import numba
from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.types.misc import unliteral


class Borrowed(types.Type):
    """Type of a pointer to a named tuple of tables (`fastness.kernel.borrow`)."""

    def __init__(self, tables: Any) -> None:
        self.tables = tables
        # the name is part of the symbol of each function that takes the tables: spelt out, 30,000 letters
        digest = hashlib.blake2b(tables.name.encode(), digest_size=8).hexdigest()
        super().__init__(name=f"Borrowed({digest})")


class InnerLibrary(JITCodeLibrary):  # type: ignore[misc]
    """Code of a function for its callers to take in: neither optimised nor made into machine code by itself."""

    @property
    def codegen(self) -> "InnerLibrary":
        """Itself, to be told of the environment (`set_env`)."""
        return self

    def set_env(self, env_name: str, env: object) -> None:
        """Ignore the Python environment: nothing in the kernel raises."""

    def get_pointer_to_function(self, name: str) -> int:
        """Return 0: there is no machine code."""
        self._ensure_finalized()
        return 0

    def _optimize_final_module(self) -> None:
        """Leave that to the caller's library."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


class KernelCompiler(Compiler):  # type: ignore[misc]
    """Numba's compiler, with an `InnerLibrary` for functions that have no door for Python or C."""

    def define_pipelines(self) -> Any:
        """Return Numba's own passes."""
        if self.state.flags.no_cpython_wrapper and self.state.flags.no_cfunc_wrapper:
            self.state.library = InnerLibrary(self.state.targetctx.codegen(), self.state.func_id.func_qualname)
        return super().define_pipelines()


def call_inside(compiled: Any, function: Callable[..., object], options: Mapping[str, Any]) -> None:
    """Let compiled code call a function through a second compilation of it, which has no door for Python.

    Literal numbers count as numbers: Numba would compile `note` anew for every kind of event.
    """

    @functools.cache
    def inner() -> Any:
        return numba.njit(**options, no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)

    def get_call_template(arguments: Any, named: Any) -> object:
        plain = tuple(unliteral(argument) for argument in arguments)
        return inner().get_call_template(plain, {name: unliteral(argument) for name, argument in named.items()})

    compiled.get_call_template = get_call_template
    compiled.get_overload = lambda signature: inner().get_overload(signature)
