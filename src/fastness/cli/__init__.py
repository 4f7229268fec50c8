"""The `fastness` command: one file per group of verbs. What a verb needs is imported when it runs."""

from fastness.cli.command import main

__all__ = ["main"]
