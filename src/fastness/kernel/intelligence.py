"""Intelligence quality: how well a side knows whom to aim at, from the zone of control (M03, M05)."""

from fastness.kernel.jit import kernel
from fastness.kernel.state import Parameters
from fastness.kernel.world import BESIEGER

ZONES = 5


@kernel
def own_control(zone: int, side: int) -> float:
    """Return a side's share of control [0 to 1] in a zone: zone 1 is all the besieger's, zone 5 all the defender's."""
    defender = (zone - 1) / (ZONES - 1)
    return 1.0 - defender if side == BESIEGER else defender


@kernel
def intelligence(zone: int, side: int, par: Parameters) -> float:
    """Return the share of a side's fire that is aimed [0 to 1], mu of Kress and MacKay (2014): people tell the ruler.

    It rises in equal steps from `intelligence.low` where the other side rules alone to `intelligence.high` where this
    side does: collaboration rises with control (Kalyvas 2006).
    """
    return par.intelligence_low + (par.intelligence_high - par.intelligence_low) * own_control(zone, side)
