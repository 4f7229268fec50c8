"""The report: one HTML file that answers first and explains after, works offline and asks nothing of anybody."""

from fastness.report.build import write

__all__ = ["write"]
