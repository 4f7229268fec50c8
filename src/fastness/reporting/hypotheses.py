"""The report's section on competing hypotheses: matrices of claims, and the key assumptions."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastness.analysis.hypotheses import Matrix, hypotheses
from fastness.analysis.words import percent, points
from fastness.errors import AnalysisError

if TYPE_CHECKING:
    from fastness.analysis.assumptions import Assumption
    from fastness.ensemble import Ensemble

#: claims of a matrix and assumptions that the report shows
ROWS, ASSUMPTIONS = 12, 20


@dataclass(frozen=True)
class MatrixTable:
    """One matrix as text: hypotheses (name, posterior, what speaks against, rank), rows (claim, statement, cells)."""

    title: str
    hypotheses: list[tuple[str, str, str, int]]
    rows: list[tuple[str, str, list[tuple[str, str]]]]
    note: str


@dataclass(frozen=True)
class AssumptionRow:
    """One key assumption as text."""

    text: str
    support: str
    confidence: str
    move: str


def hypotheses_section(ensemble: "Ensemble") -> tuple[list[MatrixTable], list[AssumptionRow]]:
    """Write the matrices and the key assumptions.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.

    Returns
    -------
    (list of MatrixTable, list of AssumptionRow)
        Both empty where there are too few campaigns or no claims.
    """
    try:
        found = hypotheses(ensemble)
    except AnalysisError:
        return [], []
    return [_table(matrix) for matrix in found.matrices], [_row(each) for each in found.assumptions[:ASSUMPTIONS]]


def _table(matrix: Matrix) -> MatrixTable:
    telling = [row for row in matrix.rows if any(cell.mark != "N" for cell in row.cells)]
    rows = [
        (f"{row.claim} {row.grade}", row.statement, [(cell.mark, f"{cell.ratio:.2f}") for cell in row.cells])
        for row in telling[:ROWS]
    ]
    silent = len(matrix.rows) - len(telling)
    heads = [(each.text, percent(each.posterior), f"{each.against:.2f}", each.rank) for each in matrix.hypotheses]
    note = f"{silent} more claims do not tell the hypotheses apart." if silent else ""
    if not rows:
        note = f"None of {silent} claims tells the hypotheses apart."
    return MatrixTable(matrix.text[:1].upper() + matrix.text[1:], heads, rows, note)


def _row(each: "Assumption") -> AssumptionRow:
    return AssumptionRow(each.text, each.support, each.confidence, points(each.move, each.low, each.high))
