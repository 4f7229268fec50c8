"""One campaign of a run played again, alone, with the same numbers."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fastness.compile.names import Names
from fastness.ensemble.play import play_batch
from fastness.ensemble.result import Ensemble, open_run
from fastness.errors import RunError
from fastness.kernel.events import EVENTS

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Campaign:
    """One simulated history: what happened, which questions held (day index, -1 never), what was drawn."""

    number: int
    events: "pd.DataFrame"
    outcomes: dict[str, int]
    draws: dict[str, float]


def replay(run: Ensemble | str | Path, campaign: int) -> Campaign:
    """Play one campaign of a run again; it is identical to the one in the run.

    Raises
    ------
    RunError
        FS204 for a campaign that the run does not have, FS203 if the kernel has changed since the run.
    """
    import pandas as pd

    ensemble = run if isinstance(run, Ensemble) else open_run(run)
    total = ensemble.manifest["campaigns"]
    if not 0 <= campaign < total:
        raise RunError(
            code="FS204", message=f"no campaign {campaign}; the run has 0 to {total - 1}", hint="name one of them"
        )
    if not ensemble.playable:
        message = f"{ensemble.path} was run with another version of the model or on another kind of processor"
        raise RunError(code="FS203", message=message, hint="run the scenario again, then replay")
    document = (ensemble.path / "scenario.resolved.json").read_text(encoding="utf-8")
    without = ensemble.manifest.get("without", ())
    part = play_batch(document, ensemble.manifest["seed"], campaign, 1, without=without).arrays
    names = Names(ensemble.scenario)
    log = part["event"]
    places, sides = np.array(["", *names.place]), np.array(["", *names.side_ids])
    events = pd.DataFrame(
        {
            "event": np.arange(len(log)),
            "day": log["day"],
            "kind": np.array(EVENTS)[log["kind"]],
            "place": places[log["place"] + 1],
            "side": sides[log["side"] + 1],
            "amount": log["amount"],
            "cause": log["cause"],
        }
    )
    outcomes = {name: int(part["question"][0, index]) for name, index in names.question.items()}
    draws = {name: float(part["belief"][0, k]) for k, name in enumerate(ensemble.scenario.beliefs)}
    return Campaign(campaign, events, outcomes, draws)
