"""Where the battle file lies; it is not shipped."""

import csv
import os
from pathlib import Path

NOTHING_TO_READ = "battles_cdb90.csv is absent: set FASTNESS_SHARED to the folder that holds data/battles_cdb90.csv"


def shared_folder() -> Path:
    """Return the folder of shared data, which may be absent."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    return Path(os.environ.get("FASTNESS_SHARED", beside))


def battle_file() -> Path | None:
    """Return the battle file; None if it is absent."""
    path = shared_folder() / "data" / "battles_cdb90.csv"
    return path if path.is_file() else None


def win_table() -> list[dict[str, str]]:
    """Return the rows of the published table of win rates by force ratio, all postures together."""
    path = shared_folder() / "data" / "engagement_win_table.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["posture"] == "all"]
