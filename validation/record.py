"""What a check has found, kept as a small file beside its picture: the page of all checks is made of these."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal, get_args

from fastness.kernel.cache import kernel_hash
from fastness.parameters import registry
from fastness.posteriors import folds, posterior

FOLDER = Path(__file__).parents[1] / "docs" / "validation" / "results"
#: how much of a hash is shown
SHOWN = 8
#: met or missed: a limit that was set before the number was seen; no bar: told, and held to nothing
Verdict = Literal["met", "missed", "no bar"]


@dataclass(frozen=True)
class Found:
    """What one check found: a sentence with its numbers, what they were held to, the verdict, when, by which code.

    `kernel` is the hash of the model that was played, `priors` that of the registry and the posteriors.
    """

    check: str
    statistic: str
    limit: str
    verdict: Verdict
    date: str
    kernel: str
    priors: str
    picture: str | None = None

    @property
    def current(self) -> bool:
        """Whether model and priors are still those of the check."""
        return (self.kernel, self.priors) == code()


def code() -> tuple[str, str]:
    """Return the hashes of the model and of the numbers in registry and posteriors, as far as they are shown."""
    known = {name: repr(row.prior) for name, row in sorted(registry().items())}
    learned = {name: repr(each.priors()) for name in sorted(folds()) if (each := posterior(name)) is not None}
    return kernel_hash()[:SHOWN], sha256(json.dumps([known, learned]).encode()).hexdigest()[:SHOWN]


def record(
    check: str,
    statistic: str,
    *,
    limit: str = "",
    verdict: Verdict = "no bar",
    picture: str | None = None,
    folder: Path = FOLDER,
) -> Found:
    """Write what a check found with the code as it is now, and its picture (SVG) if there is one."""
    folder.mkdir(parents=True, exist_ok=True)
    name = None
    if picture is not None:
        name = f"{check}.svg"
        (folder / name).write_text(picture, encoding="utf-8")
    kernel, priors = code()
    found = Found(check, statistic, limit, verdict, datetime.now(UTC).date().isoformat(), kernel, priors, name)
    (folder / f"{check}.json").write_text(json.dumps(asdict(found), indent=2, ensure_ascii=False) + "\n", "utf-8")
    return found


def met(fine: bool) -> Verdict:
    """Return the verdict on a limit."""
    return "met" if fine else "missed"


def read_found(folder: Path = FOLDER) -> dict[str, Found]:
    """Return what the checks found, by their names.

    Raises
    ------
    ValueError
        With the file's name, if one is no result.
    """
    found = {}
    for path in sorted(folder.glob("*.json")):
        try:
            row = Found(**json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as fault:
            raise ValueError(f"{path} is not the result of a check: {fault}") from fault
        if row.verdict not in get_args(Verdict):
            raise ValueError(f"{path} has the verdict '{row.verdict}', which is none of {get_args(Verdict)}")
        found[row.check] = row
    return found
