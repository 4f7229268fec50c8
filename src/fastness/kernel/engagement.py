"""One engagement (M01, M07, M22): who is favoured, how long it lasts, what it costs a day, when the loser breaks.

An engagement has one latent result `z`, one length and one pair of loss noises, all drawn on its first day and kept;
what changes from day to day (ratio, axes, supply) enters as arguments. The numbers are fitted to battles of 1600-1982,
see docs/methods/engagements.md; `par` holds the registry parameters `engagement.*`, `century` is (year - 1946) / 100.
"""

import math

from fastness.kernel.jit import kernel
from fastness.kernel.state import Parameters
from fastness.kernel.streams import Stream, normal, uniform

#: draw numbers of an engagement's entity on its first day
RESULT, LENGTH, NOISE, OTHER_NOISE = 0, 1, 2, 3


@kernel
def side_quality(stream: Stream, entity: int, draw: int, par: Parameters) -> float:
    """Return the unobserved quality of a side, in logits of winning, drawn once per campaign."""
    return par.engagement_quality_sd * normal(stream, entity, draw)


@kernel
def log_ratio(attacker: float, defender: float, par: Parameters) -> float:
    """Return ln(attacker / defender), either way no further than the battles reach (`engagement.ratio_cap`).

    Strengths are fighters times whatever the caller multiplies them with (quality, hunger); both 0 gives 0.
    """
    limit = math.log(par.engagement_ratio_cap)
    if attacker <= 0.0 and defender <= 0.0:
        return 0.0
    if defender <= 0.0:
        return limit
    if attacker <= 0.0:
        return -limit
    return min(max(math.log(attacker / defender), -limit), limit)


@kernel
def defence(fortified: float, rugged: float, par: Parameters) -> float:
    """Return what works and ground take off the attacker's log ratio; `fortified` and `rugged` are 0 to 1.

    Both multipliers are weak evidence: recalled planning values (M07) shrunk by what the battles show.
    """
    return fortified * math.log(par.engagement_fortified) + rugged * math.log(par.engagement_rugged)


@kernel
def latent_result(stream: Stream, entity: int) -> float:
    """Return the engagement's luck `z`, standard logistic, drawn on its first day and kept until it ends."""
    u = uniform(stream, entity, RESULT)
    return math.log(u / (1.0 - u))


@kernel
def advantage(log_ratio_today: float, quality: float, par: Parameters) -> float:
    """Return the log odds that the attacker wins.

    Parameters
    ----------
    log_ratio_today : float
        `log_ratio` less `defence`, today.
    quality : float
        Attacker's less defender's `side_quality`.
    par : Parameters
        The campaign's registry parameters.
    """
    return par.engagement_intercept + par.engagement_slope * log_ratio_today + quality


@kernel
def attacker_favoured(log_ratio_today: float, quality: float, z: float, par: Parameters) -> bool:
    """Return whether today's circumstances and the fixed luck `z` favour the attacker."""
    return advantage(log_ratio_today, quality, par) + z > 0.0


@kernel
def draw_days(stream: Stream, entity: int, fortified: float, century: float, par: Parameters) -> int:
    """Return the calendar days, 1 or more, that the engagement lasts unless a side breaks first (lognormal)."""
    is_early = century < par.engagement_days_early_until
    median = par.engagement_days_early if is_early else par.engagement_days
    length = math.log(median) + fortified * math.log(par.engagement_days_fortified)
    return max(1, math.ceil(math.exp(length + par.engagement_days_spread * normal(stream, entity, LENGTH))))


@kernel
def loss_noise(stream: Stream, entity: int, par: Parameters) -> tuple[float, float]:
    """Return the attacker's and the defender's noise of the log loss rate: normal, correlated, drawn once."""
    first = normal(stream, entity, NOISE)
    second = normal(stream, entity, OTHER_NOISE)
    rho = par.engagement_noise_correlation
    shared = rho * first + math.sqrt(max(1.0 - rho * rho, 0.0)) * second
    return par.engagement_noise_attacker * first, par.engagement_noise_defender * shared


@kernel
def loss_rates(
    log_numbers: float,
    days: int,
    attacker_wins: bool,
    noise_attacker: float,
    noise_defender: float,
    century: float,
    par: Parameters,
) -> tuple[float, float]:
    """Return the share of its present force that each side loses in a day, in (0, 1): attacker's, defender's.

    ln rate = level + b ln(enemy / own) + d ln(days) + extra if losing + extra before 1919 + noise, where rate is a
    hazard: the share is 1 - exp(-rate), so that losses never exceed the force. Works and ground do not show in losses.

    Parameters
    ----------
    log_numbers : float
        `log_ratio` of the fighters engaged, attacker to defender, without multipliers.
    days : int
        Drawn length of the engagement.
    attacker_wins : bool
        Whether the attacker is favoured today.
    noise_attacker, noise_defender : float
        From `loss_noise`.
    century : float
        (year - 1946) / 100.
    par : Parameters
        The campaign's registry parameters.
    """
    is_early = century < par.engagement_loss_early_until
    length = math.log(float(days))
    attacker = (
        par.engagement_loss_attacker
        - par.engagement_loss_slope_attacker * log_numbers
        + (par.engagement_loss_early_attacker if is_early else 0.0)
        + par.engagement_loss_days_attacker * length
        + (0.0 if attacker_wins else par.engagement_loss_losing_attacker)
        + noise_attacker
    )
    defender = (
        par.engagement_loss_defender
        + par.engagement_loss_slope_defender * log_numbers
        + (par.engagement_loss_early_defender if is_early else 0.0)
        + par.engagement_loss_days_defender * length
        + (par.engagement_loss_losing_defender if attacker_wins else 0.0)
        + noise_defender
    )
    return -math.expm1(-math.exp(attacker)), -math.expm1(-math.exp(defender))


@kernel
def break_hazards(loss_share: float, flanked: bool, unsupplied: bool, par: Parameters) -> tuple[float, float]:
    """Return the rates at which the side not favoured gives up before its length is over [1/day]: by flank, by supply.

    The drawn length already holds the ordinary giving up: of the hazard h0 exp(b1 loss + b2 flank + b4 supply) (M22)
    only what the shocks add counts, h0 exp(b1 loss) (exp(b2 flank + b4 supply) - 1), shared between the two in
    proportion to what each would add alone. Without a shock both are 0, so that lengths and total losses stay those of
    the battles. The favoured side does not break.

    Parameters
    ----------
    loss_share : float
        Share of its strength at the start of the engagement that the side has lost, 0 to 1.
    flanked : bool
        A further axis is open into its rear, or it is surrounded.
    unsupplied : bool
        Its ammunition or food is used up.
    par : Parameters
        The campaign's registry parameters.
    """
    flank = par.engagement_break_flank if flanked else 0.0
    supply = par.engagement_break_supply if unsupplied else 0.0
    if flank + supply <= 0.0:
        return 0.0, 0.0
    ordinary = par.engagement_break_hazard * math.exp(par.engagement_break_loss * loss_share)
    total = ordinary * math.expm1(flank + supply)
    by_flank = math.expm1(flank) / (math.expm1(flank) + math.expm1(supply))
    return total * by_flank, total * (1.0 - by_flank)
