"""Stocks of food, fuel and ammunition (M10): what is used, how long it lasts, when rations are cut."""

from fastness.kernel.jit import kernel

KG_PER_TONNE = 1000.0


@kernel
def draw_down(stock: float, inflow: float, use: float) -> tuple[float, float]:
    """Return the stock after a day and what was really used, both in the stock's unit: never more than there is.

    `stock + inflow == new stock + used` up to one rounding. Amounts below 0 count as 0.
    """
    there = max(stock, 0.0) + max(inflow, 0.0)
    used = min(max(use, 0.0), there)
    return there - used, used


@kernel
def endurance_days(stock: float, inflow: float, use: float, cap: float) -> float:
    """Return the days that a stock lasts, S / (use - inflow), at most `cap` (also where inflow covers the use)."""
    net = use - inflow
    if net <= 0.0:
        return cap
    if stock <= 0.0:
        return 0.0
    if stock >= cap * net:
        return cap
    return stock / net


@kernel
def food_need_t(people: float, kg_per_day: float) -> float:
    """Return the food that people need, t/day (registry `stocks.food_kg`, kg/person/day)."""
    return people * kg_per_day / KG_PER_TONNE


@kernel
def truckloads(tonnes: float, payload: float) -> float:
    """Return the lorries of `payload` t that carry `tonnes`, as a fraction (6.92, not 7)."""
    if payload <= 0.0:
        return 0.0
    return tonnes / payload


@kernel
def ration_share(cover: float, cut_below: float, floor: float) -> float:
    """Return the share of full use that is handed out at `cover` days of stock.

    Full above `cut_below` days (registry `stocks.ration_below`), then falling in proportion to the cover left towards
    `floor` (registry `stocks.ration_floor`): a quartermaster's rule, a prior.
    """
    if cut_below <= 0.0 or cover >= cut_below:
        return 1.0
    return floor + (1.0 - floor) * max(cover, 0.0) / cut_below
