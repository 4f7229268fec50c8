"""A toy ensemble: beliefs and parameters drawn as campaigns draw them, outcomes by a formula: the truth is known."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import synthetic

from fastness.compile.draws import draw_beliefs, draw_parameters
from fastness.compile.names import Names
from fastness.scenario import Scenario

CAMPAIGNS = 2000
FIRST = synthetic.QUESTIONS[0][0]
Beliefs = dict[str, np.ndarray]


@cache
def drawn(document: str, campaigns: int, seed: int) -> tuple[Scenario, dict[str, np.ndarray], Beliefs]:
    """Return a scenario with what its campaigns draw: parameters and beliefs by name."""
    scenario = Scenario.model_validate_json(document)
    parameters = draw_parameters(Names(scenario), seed, 0, campaigns)
    return scenario, parameters, draw_beliefs(Names(scenario), parameters, seed, 0, campaigns)


def toy(
    chance: Callable[[Beliefs], np.ndarray | float],
    *,
    campaigns: int = CAMPAIGNS,
    made: Scenario | None = None,
    seed: int = 1,
) -> SimpleNamespace:
    """Return an ensemble whose first question is yes with `chance` of the beliefs; the others are never yes."""
    document = (made or synthetic.scenario()).model_dump_json(by_alias=True)
    scenario, parameters, beliefs = drawn(document, campaigns, seed)
    happened = np.random.default_rng(seed).random(campaigns) < chance(beliefs)
    columns = {f"belief:{name}": values for name, values in beliefs.items()}
    columns |= {f"parameter:{name}": values for name, values in parameters.items()}
    outcomes = {name: np.full(campaigns, -1) for name in scenario.questions} | {FIRST: np.where(happened, 10, -1)}
    return SimpleNamespace(
        path=Path("runs/toy"),
        scenario=scenario,
        manifest={"kernel": "none", "seed": seed, "campaigns": campaigns},
        draws=pd.DataFrame({"campaign": np.arange(campaigns)} | columns),
        outcomes=pd.DataFrame({"campaign": np.arange(campaigns), "status": 0} | outcomes),
    )
