"""A stylised fact beside what the model gives, and the page of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from record import Verdict

#: input: the model was told; fitted: parameters were fitted to it; output: neither
Kind = Literal["input", "fitted", "output"]

HEAD = """# Stylised facts

Written by `python validation/stylised_facts.py --write` on {today}, kernel {kernel}.

What sieges, insurgencies and famines tend to do, and what the model does. **Only rows marked *output* are a test**:
*input* rows were given to the model, *fitted* rows were fitted. Rows about sieges are met if history's 95 % interval
(by resampling conflicts) holds the model's value, which few conflicts and wide intervals make easy; seasons if the
model's interval holds the fact; deaths of hunger within a factor of two. Of {outputs} outputs {met} are met. Intervals
of the model: by resampling conflicts, of hunger the 5–95 % range of its priors.

![Model (dot, interval) and fact (ring), as multiples of the fact](results/stylised-facts.svg)

![How sieges end: model and history](results/stylised-sieges.svg)

| fact | says who | fact's value | model | verdict | input or output |
|---|---|---|---|---|---|
"""
NOTES = """
## How to read it

- **Sizes of raids.** The bands' rule (they merge and break up, M12) was chosen because it is known to give 5/2; that
  its exponent comes out near 2.5 in campaigns, with few units and men who die, is an output, and a weak one.
- **Season.** The months' multipliers are in the registry (`season.month_01` and so on): an input that reaches assaults
  and raids. In sieges it hardly shows: assaults come early, so that shares of quarters tell when sieges began. It is a
  fact of one war and no law ([benchmarks](benchmarks.md), B26, holds the multipliers themselves).
- **Length of sieges, ground and force, roads.** From {cases} coarse sieges, each with parameters that did not see its
  conflict. The mapping's author knew the level of the endings, and the calibration uses how other conflicts' sieges
  ended: agreement here is worth less than it looks. The cases are famous sieges: they run long.
- **Roads.** The model's number is an effect (same campaigns, road open or closed), history's is a difference between
  sieges that differ in much else, and its interval would hold nearly anything.
- **Hunger** was fitted to November 1941 and to January and February 1942 in Leningrad. December and March are other
  months of the same city. The Dutch winter is another place: at official rations the model kills far too many, since
  people found food that no card names.
- **Aid.** That tonnes need a way is a rule of the model, so that this row checks the code; how seldom a patron without
  a way begins at all is a parameter.
"""


@dataclass(frozen=True)
class Fact:
    """One fact: its value in words and as a number, the model's value with its interval, the verdict, its kind."""

    name: str
    said: str
    source: str
    model: float
    low: float | None
    high: float | None
    seen: float
    unit: str
    verdict: Verdict
    kind: Kind


def text(value: tuple[float, tuple[float, float]], unit: str = "") -> str:
    """Return a value with its interval."""
    middle, (low, high) = value
    return f"{number(middle)} ({number(low)} to {number(high)})" + (f" {unit}" if unit else "")


def number(value: float) -> str:
    """Return a number with three digits, days without decimals."""
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.3g}" if abs(value) >= 0.0005 else "0"


def page(facts: Sequence[Fact], cases: int, today: date, kernel: str) -> str:
    """Return the page as Markdown."""
    outputs = [fact for fact in facts if fact.kind == "output"]
    met = sum(fact.verdict == "met" for fact in outputs)
    head = HEAD.format(today=today, kernel=kernel, outputs=len(outputs), met=met)
    return head + "".join(rows(facts)) + NOTES.format(cases=cases)


def rows(facts: Sequence[Fact]) -> Iterator[str]:
    """Yield a line of the table for each fact."""
    for fact in facts:
        model = number(fact.model) if fact.low is None else text((fact.model, (fact.low, fact.high or fact.low)))
        verdict = fact.verdict if fact.verdict == "met" else f"**{fact.verdict}**"
        model += f" {fact.unit}" if fact.unit else ""
        yield f"| {fact.name} | {fact.source} | {fact.said} | {model} | {verdict} | {fact.kind} |\n"
