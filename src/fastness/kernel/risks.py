"""Competing hazards over a step, and quantile functions in plain arithmetic for draws inside the kernel."""

import math

from fastness.kernel.jit import kernel

NOTHING = -1
CENTRE = 0.425
TAIL_SPLIT = 5.0


@kernel
def which_ends(hazards: tuple[float, ...], days: float, u: float) -> int:
    """Return the index of the hazard (rate per day) that strikes first within a step of `days`, or NOTHING.

    One uniform `u` decides both: P(any) = 1 - exp(-H days), and each hazard has its share h/H of that, so that
    CIF_i = h_i/H (1 - exp(-H days)) for constant hazards. Hazards below 0 count as 0.
    """
    total = 0.0
    for hazard in hazards:
        total += max(hazard, 0.0)
    chance = 1.0 - math.exp(-total * days)
    if u >= chance:
        return NOTHING
    passed = u / chance * total
    last = NOTHING
    for index in range(len(hazards)):
        if hazards[index] > 0.0:
            last = index
            passed -= hazards[index]
            if passed < 0.0:
                return index
    return last


@kernel
def weibull_quantile(u: float, scale: float, shape: float) -> float:
    """Return the Weibull quantile scale (-ln(1 - u))^(1/shape), in the unit of `scale`."""
    return scale * math.pow(-math.log(1.0 - u), 1.0 / shape)


@kernel
def lognormal_quantile(u: float, median: float, sigma: float) -> float:
    """Return the lognormal quantile median exp(sigma z(u))."""
    return median * math.exp(sigma * normal_quantile(u))


@kernel
def normal_quantile(u: float) -> float:
    """Return z with Phi(z) = u for 0 < u < 1, to 1e-15 relative (Wichura 1988, Appl. Stat. 37:477, AS 241 PPND16)."""
    q = u - 0.5
    if abs(q) <= CENTRE:
        return q * central_ratio(CENTRE * CENTRE - q * q)
    tail = u if q < 0.0 else 1.0 - u
    r = math.sqrt(-math.log(tail))
    size = near_tail_ratio(r - 1.6) if r <= TAIL_SPLIT else far_tail_ratio(r - TAIL_SPLIT)
    return -size if q < 0.0 else size


@kernel
def central_ratio(r: float) -> float:
    """Return AS 241's rational approximation for abs(u - 1/2) <= 0.425."""
    above = 2.5090809287301226727e3
    above = above * r + 3.3430575583588128105e4
    above = above * r + 6.7265770927008700853e4
    above = above * r + 4.5921953931549871457e4
    above = above * r + 1.3731693765509461125e4
    above = above * r + 1.9715909503065514427e3
    above = above * r + 1.3314166789178437745e2
    above = above * r + 3.3871328727963666080e0
    below = 5.2264952788528545610e3
    below = below * r + 2.8729085735721942674e4
    below = below * r + 3.9307895800092710610e4
    below = below * r + 2.1213794301586595867e4
    below = below * r + 5.3941960214247511077e3
    below = below * r + 6.8718700749205790830e2
    below = below * r + 4.2313330701600911252e1
    return above / (below * r + 1.0)


@kernel
def near_tail_ratio(r: float) -> float:
    """Return AS 241's rational approximation for tails down to exp(-25)."""
    above = 7.74545014278341407640e-4
    above = above * r + 2.27238449892691845833e-2
    above = above * r + 2.41780725177450611770e-1
    above = above * r + 1.27045825245236838258e0
    above = above * r + 3.64784832476320460504e0
    above = above * r + 5.76949722146069140550e0
    above = above * r + 4.63033784615654529590e0
    above = above * r + 1.42343711074968357734e0
    below = 1.05075007164441684324e-9
    below = below * r + 5.47593808499534494600e-4
    below = below * r + 1.51986665636164571966e-2
    below = below * r + 1.48103976427480074590e-1
    below = below * r + 6.89767334985100004550e-1
    below = below * r + 1.67638483018380384940e0
    below = below * r + 2.05319162663775882187e0
    return above / (below * r + 1.0)


@kernel
def far_tail_ratio(r: float) -> float:
    """Return AS 241's rational approximation for tails beyond exp(-25)."""
    above = 2.01033439929228813265e-7
    above = above * r + 2.71155556874348757815e-5
    above = above * r + 1.24266094738807843860e-3
    above = above * r + 2.65321895265761230930e-2
    above = above * r + 2.96560571828504891230e-1
    above = above * r + 1.78482653991729133580e0
    above = above * r + 5.46378491116411436990e0
    above = above * r + 6.65790464350110377720e0
    below = 2.04426310338993978564e-15
    below = below * r + 1.42151175831644588870e-7
    below = below * r + 1.84631831751005468180e-5
    below = below * r + 7.86869131145613259100e-4
    below = below * r + 1.48753612908506148525e-2
    below = below * r + 1.36929880922735805310e-1
    below = below * r + 5.99832206555887937690e-1
    return above / (below * r + 1.0)
