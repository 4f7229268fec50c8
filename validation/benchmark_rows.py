"""What every benchmark is made of: one number with a known answer, its tolerance and its verdict."""

import math
from dataclasses import dataclass

SEED = 20210827
CLOSED, ODE, SHARES = 1e-6, 1e-3, 1e-3


@dataclass(frozen=True)
class Row:
    """One number with a known answer; the tolerance is absolute."""

    id: str
    what: str
    published: float
    computed: float
    tolerance: float
    quoted: str = ""

    @property
    def passes(self) -> bool:
        """Whether the computed value lies within the tolerance."""
        return abs(self.computed - self.published) <= self.tolerance


def close(id: str, what: str, published: float, computed: float, relative: float, quoted: str = "") -> Row:
    """Return a row whose tolerance is a share of the published value."""
    return Row(id, what, published, computed, relative * abs(published), quoted)


def chance(id: str, what: str, published: float, hits: int, trials: int, quoted: str = "") -> Row:
    """Return a row for a share of trials, with three standard errors of the published one."""
    error = 3.0 * math.sqrt(published * (1.0 - published) / trials)
    return Row(id, what, published, hits / trials, error, quoted)
