"""Attrition between two forces (M01, M02): one general law, its second-order step, and whole losses by chance.

General law (Lanchester 1916; Helmbold 1965; Bracken 1995): a force x loses a x^p y^q a day against y. Square law p=0
q=1, linear p=q=1, log p=1 q=0. Helmbold's weight w is p=1-w, q=w. Deitchman's guerrillas (1962): regulars suffer aimed
fire (square law, p=0 q=1), guerrillas fire into their area (linear law, p=q=1).
"""

import math

import numpy as np

from fastness.kernel.jit import kernel
from fastness.kernel.streams import Stream, open_unit, philox, whole

#: draw numbers that `whole_losses` may use: one for each single loss
MOST_DRAWS = 256


@kernel
def attrition_rate(coefficient: float, own: float, enemy: float, own_exponent: float, enemy_exponent: float) -> float:
    """Return a force's own losses a day, coefficient own^p enemy^q; none without an enemy or without own men."""
    if own <= 0.0 or enemy <= 0.0:
        return 0.0
    return coefficient * math.pow(own, own_exponent) * math.pow(enemy, enemy_exponent)


@kernel
def attrition_step(
    x: float,
    y: float,
    coefficient_x: float,
    own_exponent_x: float,
    enemy_exponent_x: float,
    coefficient_y: float,
    own_exponent_y: float,
    enemy_exponent_y: float,
    dt: float,
) -> tuple[float, float]:
    """Return both forces after `dt` days by Heun's second-order step, never below 0.

    `coefficient_x` and its exponents are those of the losses that x suffers; likewise for y. Where one force is used up
    within the step, the other suffers only until then.
    """
    loss_x = dt * attrition_rate(coefficient_x, x, y, own_exponent_x, enemy_exponent_x)
    loss_y = dt * attrition_rate(coefficient_y, y, x, own_exponent_y, enemy_exponent_y)
    if loss_x >= x or loss_y >= y:
        until_x = x / loss_x if loss_x > 0.0 else np.inf
        until_y = y / loss_y if loss_y > 0.0 else np.inf
        until = min(until_x, until_y, 1.0)
        return max(x - until * loss_x, 0.0), max(y - until * loss_y, 0.0)
    ahead_x, ahead_y = x - loss_x, y - loss_y
    later_x = dt * attrition_rate(coefficient_x, ahead_x, ahead_y, own_exponent_x, enemy_exponent_x)
    later_y = dt * attrition_rate(coefficient_y, ahead_y, ahead_x, own_exponent_y, enemy_exponent_y)
    return max(x - 0.5 * (loss_x + later_x), 0.0), max(y - 0.5 * (loss_y + later_y), 0.0)


@kernel
def next_loss(rate_x: float, rate_y: float, u_time: float, u_side: float) -> tuple[float, bool]:
    """Return the waiting time to the next single loss, days, and whether x suffers it (a jump chain).

    Rates are losses per day; `u_time` and `u_side` are uniform in (0, 1). Without losses the wait is infinite.
    """
    total = rate_x + rate_y
    if total <= 0.0:
        return np.inf, False
    return -math.log(u_time) / total, u_side * total < rate_x


@kernel
def whole_losses(
    stream: Stream,
    entity: int,
    draw: int,
    expected_x: float,
    expected_y: float,
    x: int,
    y: int,
    jump_chain_below: float,
) -> tuple[int, int]:
    """Return a day's losses of both forces as whole numbers, never more than there are.

    Below `jump_chain_below` expected losses in all (registry `attrition.jump_chain_below`, at most 100) they fall one
    by one at the day's rates until the day or one of the forces ends (Poisson numbers, stopped); above, each is rounded
    at random with its mean kept. Uses draw numbers `draw` to `draw + MOST_DRAWS - 1`.
    """
    if x <= 0 or y <= 0:
        return 0, 0
    expected_x, expected_y = max(expected_x, 0.0), max(expected_y, 0.0)
    if expected_x + expected_y >= jump_chain_below:
        loss_x = whole(stream, entity, draw, expected_x)
        loss_y = whole(stream, entity, draw + 1, expected_y)
        return min(loss_x, x), min(loss_y, y)
    loss_x, loss_y = 0, 0
    time = 0.0
    for jump in range(MOST_DRAWS):
        if loss_x >= x or loss_y >= y:
            break
        words = philox(stream.key_0, stream.key_1, stream.campaign, stream.day_process, entity, draw + jump)
        wait, x_loses = next_loss(expected_x, expected_y, open_unit(words[0], words[1]), open_unit(words[2], words[3]))
        time += wait
        if time > 1.0:
            break
        if x_loses:
            loss_x += 1
        else:
            loss_y += 1
    return loss_x, loss_y
