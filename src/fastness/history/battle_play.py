"""Play battles through the kernel's own combat functions, day by day, many times each.

A play of the whole file is one history: in it the parameters are one draw from their priors, and both sides of a war
keep the unobserved quality they drew for that war. The functions are those that the process `combat` calls; what a
battle file does not know (axes, supply, air power, brigades that arrive) is left out.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from fastness.history.battle_file import Battles, Floats
from fastness.kernel.attrition import whole_losses
from fastness.kernel.engagement import (
    attacker_favoured,
    defence,
    draw_days,
    latent_result,
    log_ratio,
    loss_noise,
    loss_rates,
    side_quality,
)
from fastness.kernel.jit import kernel
from fastness.kernel.processes.combat import LOSSES
from fastness.kernel.rows import Table
from fastness.kernel.state import Parameters
from fastness.kernel.streams import Stream
from fastness.parameters import Prior, quantile, registry

PLAYS: Final = 1000
SEED: Final = 20_210_827
ATTACKER, DEFENDER, FIGHT = 1, 2, 3
#: key words of the three kinds of luck: a war's sides, a battle, a battle's day
SIDES_KEY, BATTLE_KEY, DAY_KEY = 0, 1, 2
QUALITY = 0
#: columns of what a play gives
RESULT, DAYS, LOST_ATTACKER, LOST_DEFENDER = range(4)


@dataclass(frozen=True)
class Played:
    """What came of every play: shape (battles, plays); losses in persons, `wins` 1 where the attacker won."""

    wins: Floats
    days: Floats
    lost_attacker: Floats
    lost_defender: Floats

    @property
    def plays(self) -> int:
        """How many times each battle was played."""
        return int(self.wins.shape[1])

    def chance(self) -> Floats:
        """Return the forecast that the attacker wins, never 0 or 1 (Jeffreys: half a play added to either side)."""
        return np.asarray((self.wins.sum(axis=1) + 0.5) / (self.plays + 1))

    def share(self, battles: Battles, side: str) -> Floats:
        """Return the share of its strength that a side lost; no loss counts as half a man."""
        lost, strength = getattr(self, f"lost_{side}"), getattr(battles, side)
        return np.asarray(np.maximum(lost, 0.5) / strength[:, None])

    def daily_loss(self, battles: Battles, side: str) -> Floats:
        """Return log10 of the share that a side lost a day, over the length as played."""
        return np.asarray(np.log10(self.share(battles, side) / self.days))


@kernel
def play(
    battle: int, war: int, history: int, known: NDArray[np.float64], par: Parameters, played: NDArray[np.float64]
) -> None:
    """Fight one battle to its end and write result, days and losses to `played`; `known` is a row of `_known`."""
    attacker, defender, works, rugged, century = known[0], known[1], known[2], known[3], known[4]
    sides = Stream(SEED, SIDES_KEY, history, war)
    quality = side_quality(sides, ATTACKER, QUALITY, par) - side_quality(sides, DEFENDER, QUALITY, par)
    stream = Stream(SEED, BATTLE_KEY, history, battle)
    z = latent_result(stream, FIGHT)
    days = draw_days(stream, FIGHT, works, century, par)
    noise_attacker, noise_defender = loss_noise(stream, FIGHT, par)
    taken_off = defence(works, rugged, par)
    men, holding = math.ceil(attacker), math.ceil(defender)
    favoured = False
    for day in range(days):
        if men == 0 or holding == 0:
            break
        numbers = log_ratio(float(men), float(holding), par)
        favoured = attacker_favoured(numbers - taken_off, quality, z, par)
        rates = loss_rates(numbers, days, favoured, noise_attacker, noise_defender, century, par)
        daily = Stream(SEED, DAY_KEY + day, history, battle)
        lost = whole_losses(
            daily, FIGHT, LOSSES, rates[0] * men, rates[1] * holding, men, holding, par.attrition_jump_chain_below
        )
        men -= lost[0]
        holding -= lost[1]
    played[RESULT] = 1.0 if favoured else 0.0
    played[DAYS] = float(days)
    played[LOST_ATTACKER] = math.ceil(attacker) - men
    played[LOST_DEFENDER] = math.ceil(defender) - holding


@kernel
def play_all(
    number: NDArray[np.int64],
    war: NDArray[np.int64],
    known: NDArray[np.float64],
    par: Table[Parameters],
    played: NDArray[np.float64],
) -> None:
    """Fill `played`, shape (battles, histories, 4), with `play` of every battle in every history; luck by number."""
    for history in range(len(par)):
        for battle in range(len(war)):
            play(number[battle], war[battle], history, known[battle], par[history], played[battle, history])


def combat_priors() -> dict[str, Prior]:
    """Return the registry's priors of all that `play` reads, as shipped."""
    read = ("engagement.", "attrition.")
    return {name: entry.prior for name, entry in registry().items() if name.startswith(read)}


def draw_parameters(priors: Mapping[str, Prior], plays: int) -> Table[Parameters]:
    """Return one draw of the combat parameters per history; the same uniforms for every set of priors."""
    shipped, entries = combat_priors(), registry()
    table = np.empty(plays, [(entries[name].field, np.float64) for name in shipped])
    uniform = np.random.default_rng(SEED).random((len(shipped), plays))
    for row, (name, prior) in enumerate(shipped.items()):
        table[entries[name].field] = quantile(priors.get(name, prior), uniform[row])
    return cast(Table[Parameters], table.view(np.recarray))


def play_battles(battles: Battles, priors: Mapping[str, Prior], *, plays: int = PLAYS) -> Played:
    """Play each battle `plays` times.

    Parameters
    ----------
    battles : Battles
        What is known before the fight is read: strengths, works, ground, year, war; and the number, for its luck.
    priors : mapping
        Registry names to priors; parameters that are not named keep the registry's.
    plays : int
        Histories.

    Returns
    -------
    Played
        Arrays of shape (battles, plays).
    """
    known = np.column_stack([battles.attacker, battles.defender, battles.fortified, battles.rugged, battles.century])
    played = np.empty((len(known), plays, 4))
    play_all(battles.number, battles.war, known, draw_parameters(priors, plays), played)
    return Played(*(played[:, :, column] for column in range(4)))
