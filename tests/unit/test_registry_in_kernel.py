"""Every number of the registry is read by the model, and the model reads none that the registry lacks."""

import re
from pathlib import Path

import fastness
from fastness.parameters import registry

KERNEL = Path(fastness.__file__).parent / "kernel"


def read_by_kernel() -> set[str]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in KERNEL.rglob("*.py"))
    return set(re.findall(r"\bpar(?:\[0\])?\.([a-z]+_[a-z0-9_]+)", text))


def test_every_parameter_of_the_registry_is_read() -> None:
    fields = {row.field for row in registry().values() if not row.name.startswith("information.")}
    assert fields - read_by_kernel() == set()


def test_the_kernel_reads_no_parameter_that_the_registry_lacks() -> None:
    assert read_by_kernel() - {row.field for row in registry().values()} == set()
