"""The report: one HTML file that answers first and explains after, works offline and asks nothing of anybody."""
