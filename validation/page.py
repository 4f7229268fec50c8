"""Collect what every check found into one page: statistic, limit, verdict, date, code, picture; failures stay visible.

    python validation/page.py [--write]

Runs nothing: it reads docs/validation/results, where each check's `--write` keeps its result. Checks without a result
and results of other code are told as such. With --write it renews docs/validation/checks.md. Exits with 1 if a check
missed its limit.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from record import FOLDER, Found, code, read_found

PAGE = Path(__file__).parents[1] / "docs" / "validation" / "checks.md"
HEAD = """# Every check

Written by `python validation/page.py --write` from what each check kept when it last ran. Code now: model `{kernel}`,
priors and posteriors `{priors}`. A result of other code is marked *older code* and may no longer hold; one that was
never kept says *not yet run with this code*. Failures are not taken off this page.

{summary}

| check | verdict | of | model, priors |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Check:
    """A check: its name, title and command, what it asks, and its own page if it has one (beside this one)."""

    name: str
    title: str
    command: str
    asks: str
    page: str | None = None


CHECKS = (
    Check(
        "benchmarks",
        "Components with known answers",
        "python validation/benchmarks.py --write",
        "do the kernel's own functions meet closed forms and exact recursions?",
        "benchmarks.md",
    ),
    Check(
        "reference",
        "Compiled and plain Python",
        "python validation/reference.py --record",
        "does the compiled kernel give the same campaigns as its source without a compiler?",
    ),
    Check(
        "identity",
        "One run, played in many ways",
        "python validation/identity.py --write",
        "do threads, batches, interruption, replay or the order of rows change a bit?",
    ),
    Check(
        "ablation",
        "Each process switched off",
        "python validation/ablation.py --write",
        "is every process alive, and what does it move?",
        "ablation.md",
    ),
    Check(
        "variants",
        "Variants against their base",
        "python validation/variants.py --write",
        "does each what-if of the shipped scenario move something beyond its interval?",
    ),
    Check(
        "drivers",
        "Shares of inputs",
        "python validation/drivers.py --write",
        "does `drivers` find indices that are known exactly?",
    ),
    Check(
        "value",
        "Value of information",
        "python validation/value.py --write",
        "do stored draws say the same as runs in which the fact is fixed?",
    ),
    Check(
        "update",
        "Updating by reports",
        "python validation/update.py --write",
        "does `update` get back what it was told about (simulation-based calibration)?",
    ),
    Check(
        "recovery",
        "Calibration recovers what is known",
        "python validation/recovery.py PREDICTORS.csv --write",
        "are calibrated posteriors right if the model is (simulation-based calibration)?",
    ),
    Check(
        "engagements",
        "Engagements against history",
        "python validation/engagements.py --write",
        "does combat forecast 461 battles, each without its war?",
        "engagements.md",
    ),
    Check(
        "sieges",
        "Sieges against history",
        "python validation/sieges.py --ablation --write",
        "are 44 sieges, each without its conflict, forecast better than by climatology?",
        "sieges.md",
    ),
    Check(
        "retrodiction",
        "The library's history",
        "python validation/retrodiction.py --write",
        "how do the historical scenarios score, by people who know the end?",
        "retrodiction.md",
    ),
    Check(
        "stylised-facts",
        "Stylised facts",
        "python validation/stylised_facts.py --write",
        "does the model show what sieges and insurgencies tend to do, without being told?",
        "stylised-facts.md",
    ),
    Check(
        "event-sizes",
        "Sizes of events",
        "python validation/event_sizes.py --write",
        "are raids as heavy-tailed as in nine wars?",
    ),
)
NOT_RUN = "not yet run with this code"


def page(found: Mapping[str, Found]) -> str:
    """Return the page as Markdown."""
    kernel, priors = code()
    head = HEAD.format(kernel=kernel, priors=priors, summary=summary(found))
    return head + "".join(rows(found)) + "\n" + "\n".join(text for check in CHECKS for text in section(check, found))


def summary(found: Mapping[str, Found]) -> str:
    """Return how many checks met and missed their limits, and how many are old or not run."""
    known = [found[check.name] for check in CHECKS if check.name in found]
    now = [each for each in known if each.current]
    count = {verdict: sum(each.verdict == verdict for each in now) for verdict in ("met", "missed", "no bar")}
    without = f", {count['no bar']} have none" if count["no bar"] else ""
    return (
        f"**Of {len(CHECKS)} checks, {count['met']} met their limit with this code and {count['missed']} missed it"
        f"{without}; {len(known) - len(now)} are of older code, {len(CHECKS) - len(known)} not yet run.**"
    )


def rows(found: Mapping[str, Found]) -> Iterator[str]:
    """Yield a line of the table for each check."""
    for check in CHECKS:
        title = f"[{check.title}](#{anchor(check.title)})"
        each = found.get(check.name)
        if each is None:
            yield f"| {title} | {NOT_RUN} | | |\n"
            continue
        yield f"| {title} | {verdict(each)} | {each.date} | {each.kernel}, {each.priors} |\n"


def verdict(each: Found) -> str:
    """Return the verdict as it is shown: a miss in bold, older code said."""
    shown = "**missed**" if each.verdict == "missed" else each.verdict
    return shown if each.current else f"{shown} (older code)"


def anchor(title: str) -> str:
    """Return the anchor that is made of a heading."""
    return "".join(letter for letter in title.lower() if letter.isalnum() or letter in " -").replace(" ", "-")


def section(check: Check, found: Mapping[str, Found]) -> Iterator[str]:
    """Yield what one check asks and found."""
    yield f"## {check.title}\n"
    yield f"`{check.command}`: {check.asks}" + (f" [Its page]({check.page})." if check.page else "") + "\n"
    each = found.get(check.name)
    if each is None:
        yield f"*{NOT_RUN[0].upper()}{NOT_RUN[1:]}.*\n"
        return
    yield f"- statistic: {each.statistic}"
    yield f"- limit: {each.limit or 'none was set'}"
    yield f"- verdict: {verdict(each)}, {each.date}, model {each.kernel}, priors {each.priors}\n"
    if each.picture:
        yield f"![{check.title}](results/{each.picture})\n"


def main() -> int:
    """Do it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="renew docs/validation/checks.md")
    given = parser.parse_args()
    try:
        found = read_found(FOLDER)
    except ValueError as fault:
        sys.exit(str(fault))
    strangers = found.keys() - {check.name for check in CHECKS}
    if strangers:
        sys.exit(f"{FOLDER} holds results of no known check: {', '.join(sorted(strangers))}")
    text = page(found)
    print(text)
    if given.write:
        PAGE.write_text(text, encoding="utf-8")
    return 1 if any(each.verdict == "missed" for each in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
