"""The report: one HTML file that answers first and explains after, works offline and asks nothing of anybody."""

from fastness.reporting.build import report

__all__ = ["report"]
