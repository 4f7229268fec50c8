"""Are the shares of single inputs the right ones? The toys of `validation/drivers.py`, whose indices are known exactly.

Seeds are fixed; the tolerances are those of the validation, three standard errors of the mean or more.
"""

from drivers import additive_toy, design_with_luck, known_function, together


def test_an_additive_toy_among_inputs_without_effect() -> None:
    assert additive_toy(20).fine


def test_two_inputs_that_act_together() -> None:
    assert together().fine


def test_ishigami_by_surrogate_and_by_design() -> None:
    assert known_function().fine


def test_luck_is_a_factor_of_the_design() -> None:
    assert design_with_luck().fine
