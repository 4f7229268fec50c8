"""What the pages and the interface for programs share: the user's folder, its jobs, its opened runs."""

from dataclasses import dataclass

from fastness.app.folder import Folder
from fastness.app.jobs import Jobs
from fastness.app.results import Results


@dataclass(frozen=True)
class Desk:
    """The state of one user's folder; everything lasting is in the folder itself."""

    folder: Folder
    jobs: Jobs
    results: Results


def open_desk(folder: Folder) -> Desk:
    """Lay out a user's folder."""
    return Desk(folder, Jobs(folder), Results(folder))
