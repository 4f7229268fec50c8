"""All pages of the workbench, in the order of the masthead. A new page is one file here and one entry in `PAGES`."""

from typing import Final

from fastness.app.frame import Page
from fastness.app.pages import (
    answer,
    campaigns,
    claims,
    course,
    export,
    home,
    new_run,
    plans,
    quick,
    scenario,
    tables,
    what_if,
)

PAGES: Final[tuple[Page, ...]] = (
    home.PAGE,
    new_run.PAGE,
    quick.PAGE,
    answer.PAGE,
    course.PAGE,
    campaigns.PAGE,
    export.PAGE,
    scenario.PAGE,
    tables.PAGE,
    plans.PAGE,
    claims.PAGE,
    what_if.PAGE,
)
