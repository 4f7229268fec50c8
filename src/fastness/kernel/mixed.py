"""Regulars against guerrillas (M02, M03): fire that is aimed as well as the side is informed, and what it does besides.

Kress & MacKay (2014): of regulars C a share alpha R falls a day, of guerrillas R the hits beta C [mu + (1 - mu) R/P]:
the share mu of the fire is aimed, the rest finds whoever is there among P. With mu = 0 this is Deitchman (1962), with
mu = 1 the square law. Kress & Szechtman (2009): what finds others makes recruits, theta for each, up to a ceiling.
"""

from fastness.kernel.jit import kernel


@kernel
def mixed_rates(
    regulars: float,
    guerrillas: float,
    people: float,
    alpha: float,
    beta: float,
    mu: float,
    theta: float,
    ceiling: float,
) -> tuple[float, float, float]:
    """Return a day's losses of regulars, net losses of guerrillas (less recruits) and hits on others [persons/day].

    `alpha` and `beta` are hits a day for each guerrilla and each regular, `people` all among whom guerrillas move
    (themselves included), `theta` recruits for each hit on others, `ceiling` the most that can be recruited.
    """
    if regulars <= 0.0 or guerrillas <= 0.0:
        return 0.0, 0.0, 0.0
    among = min(guerrillas / people, 1.0) if people > 0.0 else 1.0
    blind = (1.0 - mu) * beta * regulars
    strays = blind * (1.0 - among)
    room = max(1.0 - guerrillas / ceiling, 0.0) if ceiling > 0.0 else 0.0
    return alpha * guerrillas, mu * beta * regulars + blind * among - theta * strays * room, strays


@kernel
def mixed_step(
    regulars: float,
    guerrillas: float,
    people: float,
    alpha: float,
    beta: float,
    mu: float,
    theta: float,
    ceiling: float,
    dt: float,
) -> tuple[float, float, float]:
    """Return regulars and guerrillas after `dt` days by Heun's second-order step, never below 0, and hits on others.

    Where one side is used up within the step, the other suffers only until then. Arguments as for `mixed_rates`.
    """
    loss_c, loss_r, strays = mixed_rates(regulars, guerrillas, people, alpha, beta, mu, theta, ceiling)
    loss_c *= dt
    loss_r *= dt
    if loss_c >= regulars or loss_r >= guerrillas:
        until = 1.0
        if loss_c > 0.0:
            until = min(until, regulars / loss_c)
        if loss_r > 0.0:
            until = min(until, guerrillas / loss_r)
        left_c, left_r = regulars - until * loss_c, guerrillas - until * loss_r
        return max(left_c, 0.0), max(left_r, 0.0), until * dt * strays
    later_c, later_r, later = mixed_rates(
        regulars - loss_c, guerrillas - loss_r, people, alpha, beta, mu, theta, ceiling
    )
    left_c = max(regulars - 0.5 * (loss_c + dt * later_c), 0.0)
    left_r = max(guerrillas - 0.5 * (loss_r + dt * later_r), 0.0)
    return left_c, left_r, 0.5 * dt * (strays + later)
