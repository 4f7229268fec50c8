"""Simulation-based calibration of `update`: does it get back what it was told about? Harrow Hold, the lesson.

    python validation/update.py [truths] [campaigns] [--write]

Campaigns of their own are taken as the truth, one after the other. Each truth speaks through reports drawn from the
model's own likelihood (a fact said or denied, a number with its inflation and spread); the run's campaigns are weighted
by them; and the rank of each of the truth's inputs among them is noted. If `update` is right, ranks are uniform (Talts
et al. 2018, arXiv:1804.06788). Held to a chi-square test over ten bins, at 1 % for all inputs together (Bonferroni).
Then the same for a case that needs tempering: probabilities after a telling report, from a small run with tempering and
from a large one without.
"""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from record import met, record
from svg import Bar, bars

from fastness.analysis.likelihood import Heard, chances, channel_of, heard, hyper_of, is_quantity, log_likelihoods
from fastness.analysis.population import Pool, Population, Watch, normal, play, temper, watch
from fastness.analysis.reports import Reports, read_reports
from fastness.ensemble.given import inputs_of
from fastness.parameters import registry
from fastness.scenario import load
from fastness.scenario.model import Scenario

Floats = npt.NDArray[np.float64]
SEED = 11
BINS = 10
LEVEL = 0.01
#: what is reported on: each from a source of its own, so that every report counts in full
REPORTS = '''\
id,date,statement,binds,target,stance,value,low,high,kind,source,item_grade,grade,interest
A,2001-09-11,the gate,observable,"holder(""harrow-gate"") == ""hold""",supports,,,,claim,scout,2,B,none
B,2001-09-15,men of the Ring,observable,"strength(""ring"")",supports,,500,900,claim,camp,2,B,besieger
C,2001-09-16,men of the Hold,observable,"strength(""hold"")",supports,400,,,claim,levy,3,C,defender
D,2001-09-18,bread,belief,household-bread,supports,,20,60,claim,baker,2,B,none
E,2001-09-20,intent,belief,ring-means-to-storm,supports,,,,claim,deserter,2,C,none
F,2001-09-21,an assault,observable,"assaults(""ring"") >= 1",supports,,,,judgement,herder,2,C,none
'''


def watched_lesson(folder: Path, text: str = REPORTS) -> tuple[Watch, Reports]:
    """Return the lesson watched for the reports."""
    scenario = load("harrow-hold")
    path = folder / "reports.csv"
    path.write_text(text, encoding="utf-8")
    reports = read_reports(path, scenario)
    return watch(scenario, SEED, (), heard(reports)), reports


def spoken(scenario: Scenario, each: Heard, truth: Floats, world: Population, rng: np.random.Generator) -> Heard:
    """Return a report as it would be made of one true campaign, drawn from its likelihood."""
    hyper = hyper_of(list(registry()), world.draws[:, len(scenario.beliefs) :])
    report = each.report
    if not is_quantity(scenario, report):
        if_true, if_false = chances(each, hyper)
        says_so = rng.random() < (if_true[0] if truth[0] > 0.5 else if_false[0])
        return replace(each, report=report.model_copy(update={"stance": "supports" if says_so else "denies"}))
    channel = channel_of(scenario, each, truth, hyper)
    shift = np.exp(rng.normal(channel.mean[0], channel.sd[0]) - channel.said)
    fields = ("value", "low", "high")
    said = {name: None if getattr(report, name) is None else getattr(report, name) * shift for name in fields}
    return replace(each, report=report.model_copy(update=said))


def ranks(
    watched: Watch, truths: int, campaigns: int, seed: int = 1, power: float = 1.0
) -> tuple[tuple[str, ...], Floats]:
    """Return the names of the inputs that vary and the ranks of the truths' inputs, shape (truths, inputs), 0 to 1.

    `power` other than 1 takes the reports for more or less than they are, to see that the test notices.
    """
    inputs = inputs_of(watched.document, watched.seed, truths + campaigns)
    every = play(watched, inputs, whole=False)
    rows = np.arange(truths + campaigns)
    known = every.take(rows[truths:], np.zeros(campaigns))
    pool = Pool.of_run(watched, known)
    scores = Pool.of_run(watched, every).scores
    hyper = hyper_of(list(registry()), known.draws[:, len(watched.scenario.beliefs) :])
    rng = np.random.default_rng(seed)
    found = np.empty((truths, len(pool.free)))
    for k in range(truths):
        world = every.take(rows[k : k + 1], np.zeros(1))
        said = [spoken(watched.scenario, each, world.truth[:, n], world, rng) for n, each in enumerate(watched.given)]
        weight = normal(power * log_likelihoods(watched.scenario, said, known.truth, hyper).sum(axis=1))
        found[k] = weight @ (scores[truths:] < scores[k])
    return tuple(np.array(inputs.names)[pool.free]), found


def chi_square(ranked: Floats) -> Floats:
    """Return the p-value of uniformity over ten bins for each input, shape (inputs,)."""
    from scipy.stats import chisquare

    return np.array(
        [chisquare(np.histogram(column, bins=BINS, range=(0, 1))[0]).pvalue for column in ranked.T], dtype=np.float64
    )


def informed(names: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Return which inputs the reports bear on: the beliefs, and the trust in sources."""
    return np.array([name.startswith(("belief:", "parameter:information.", "parameter:assault.")) for name in names])


def tempered(folder: Path, small: int, large: int) -> tuple[Floats, Floats, float, float]:
    """Return the questions' probabilities after a telling report: tempered from a small run, and from a large one.

    Also the effective campaigns of both.
    """
    header = REPORTS.splitlines()[0]
    telling = 'T,2001-10-10,the gate has fallen,observable,"holder(""harrow-gate"") == ""ring""",supports,,,,'
    watched, _ = watched_lesson(folder, f"{header}\n{telling}established,scout,1,A,none\n")
    every = play(watched, inputs_of(watched.document, SEED, small + large), whole=True)
    rows = np.arange(small + large)
    run = every.take(rows[:small], np.zeros(small))
    done = temper(Pool.of_run(watched, run), np.zeros(1), 0, 100.0, 4000, np.random.default_rng(2))
    direct = every.take(rows[small:], every.likelihood[small:, 0])
    return (
        done.population.weight @ (done.population.days >= 0),
        direct.weight @ (direct.days >= 0),
        done.population.effective,
        direct.effective,
    )


def main(truths: int, campaigns: int, *, write: bool = False) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        watched, _ = watched_lesson(Path(scratch))
        names, found = ranks(watched, truths, campaigns)
        chosen = informed(names)
        p = chi_square(found[:, chosen])
        print(f"{truths} truths, {campaigns} campaigns, {len(watched.given)} reports each")
        for k in np.argsort(p):
            print(f"  {np.array(names)[chosen][k]:45s} p {p[k]:.3f}   mean rank {found[:, chosen][:, k].mean():.3f}")
        held = p.min() >= LEVEL / len(p)
        print(f"smallest p {p.min():.4f}, level {LEVEL / len(p):.5f}: {'uniform' if held else 'NOT UNIFORM'}")
        after, direct, own, other = tempered(Path(scratch), 200, 4000)
        error = np.sqrt(after * (1 - after) / own + direct * (1 - direct) / other) + 1e-9
        print(f"tempered (effective {own:.0f}) against direct (effective {other:.0f}):")
        for name, one, two in zip(watched.scenario.questions, after, direct, strict=True):
            print(f"  {name:20s} {one:.3f}   {two:.3f}")
        agree = bool((np.abs(after - direct) < 3.5 * error + 0.01).all())
        print("agree" if agree else "DIFFER")
        if write:
            said = (
                f"ranks of {truths} truths: smallest p {p.min():.3f} of {len(p)} inputs, level {LEVEL / len(p):.4f}; "
            )
            said += f"tempered and direct probabilities {'agree' if agree else 'differ'}"
            ranked = [Bar(str(name), column.mean(), beside=0.5)
                      for name, column in zip(np.array(names)[chosen], found[:, chosen].T, strict=True)]  # fmt: skip
            drawn = bars(ranked, title="mean rank of the truth, by input", axis="mean rank (uniform: 0.5)")
            record("update", said, limit="ranks uniform at 1 %", verdict=met(bool(held) and agree), picture=drawn)
        return 0 if held and agree else 1


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if word != "--write"]
    truths, campaigns = (int(word) for word in (given + ["500", "4000"][len(given) :])[:2])
    sys.exit(main(truths, campaigns, write="--write" in sys.argv))
