"""The brief: every number stands in the run, every reference leads somewhere, and all three forms open."""

import json
import re
import shutil
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from docx import Document
from fastparquet import ParquetFile

import fastness as fs
from fastness.analysis.words import likelihood_words, percent
from fastness.ensemble import Ensemble
from fastness.errors import AnalysisError
from fastness.reporting.brief_content import content, paragraphs
from fastness.reporting.brief_files import html, markdown
from fastness.reporting.brief_parts import Brief
from fastness.scenario import Scenario

NUMBER = re.compile(r"\d[\d,.]*\d|\d")
#: numbers of the trade that are no result: phases of the IPC's scale in the caveat, the percentiles of an interval
CONVENTIONS = {"5", "95"}


@pytest.fixture(scope="module")
def found(harrow: Ensemble) -> Brief:
    return content(harrow)


def table(path: Path) -> pd.DataFrame:
    with path.open("rb") as file:
        return ParquetFile(file).to_pandas()


def numbers(text: str) -> set[str]:
    return set(NUMBER.findall(text))


def test_every_number_of_every_line_stands_in_its_references(found: Brief) -> None:
    known = {each.number: each for each in found.references}
    checked = 0
    for line in paragraphs(found):
        stand = set().union(*(numbers(value) for number in line.references for value in known[number].values))
        assert numbers(line.text) <= stand | CONVENTIONS, line
        checked += len(numbers(line.text))
    assert checked > 60


def test_numbers_are_those_of_the_runs_own_tables(harrow: Ensemble, found: Brief) -> None:
    """Read the files again, without the package's estimates: shares of campaigns, counts, dates, words."""
    outcomes = table(harrow.path / "outcomes.parquet")
    judgements = next(each for each in found.sections if each.id == "judgements").table
    assert judgements is not None
    texts = {question.heading: name for name, question in harrow.scenario.questions.items()}
    for text, words, number, *_ in judgements.rows:
        share = float((outcomes[texts[text]] >= 0).mean())
        assert (number, words) == (percent(share), likelihood_words(share))
    manifest = json.loads((harrow.path / "manifest.json").read_text())
    resolved = json.loads((harrow.path / "scenario.resolved.json").read_text())
    assert f"seed {manifest['seed']}" in found.basis.text
    assert found.basis.text.startswith(
        f"{len(resolved['claims'])} claims · {manifest['campaigns']} simulated campaigns"
    )
    events = table(harrow.path / "events.parquet")
    watch = next(each for each in found.sections if each.id == "watch").table
    assert watch is not None
    gate = next(row for row in watch.rows if row[0] == "Harrow Gate falls to Ring")
    fell = events[(events["kind"] == "place-falls") & (events["place"] == "harrow-gate") & (events["side"] == "ring")]
    assert gate[3] == percent(fell["campaign"].nunique() / manifest["campaigns"])


def test_quoted_claims_are_the_scenarios(harrow: Ensemble, found: Brief) -> None:
    statements = {claim.id: claim.statement for claim in harrow.scenario.claims}
    quoted = [
        (claim, line.text)
        for line in paragraphs(found)
        for claim in re.findall(r"\b(H\d\d)\b", line.text)
        if claim in statements
    ]
    assert quoted
    assert all(statements[claim] in text for claim, text in quoted)


def test_references_lead_to_files_that_are_there(harrow: Ensemble, found: Brief) -> None:
    package = Path(fs.__file__).parent.parent
    for each in found.references:
        assert (harrow.path / each.file).exists() or (package / each.file).exists(), each
    assert [each.number for each in found.references] == list(range(1, len(found.references) + 1))
    used = {number for line in paragraphs(found) for number in line.references}
    assert used == {each.number for each in found.references}


def test_markdown_defines_each_note_it_uses(found: Brief) -> None:
    text = markdown(found).decode()
    body, notes = re.split(r"\n---\n", text)
    assert set(re.findall(r"\[\^(\d+)\]", body)) == set(re.findall(r"^\[\^(\d+)\]:", notes, re.MULTILINE))
    assert text.startswith("# Harrow Hold\n")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in rows}) <= 2  # two tables, each of one width


def test_html_is_one_file_that_asks_nothing_of_anybody(found: Brief) -> None:
    text = html(found).decode()
    assert "<script" not in text
    assert "http:" not in text
    assert "https:" not in text
    assert set(re.findall(r'href="#(ref-\d+)"', text)) == set(re.findall(r'id="(ref-\d+)"', text))


def test_what_people_wrote_cannot_become_markup(found: Brief) -> None:
    hostile = replace(found, title="<script>alert(1)</script> *bold* [x](http://x) \x01")
    assert "<script>" not in html(hostile).decode()
    assert r"\<script\>alert(1)\</script\> \*bold\* \[x\](http://x)" in markdown(hostile).decode()


def test_docx_opens_with_headings_tables_and_links(harrow: Ensemble, found: Brief, tmp_path: Path) -> None:
    path = fs.brief(harrow, tmp_path / "brief.docx", found=found)
    document: Any = Document(BytesIO(path.read_bytes()))
    headings = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]
    assert headings == [each.title for each in found.sections]
    assert [len(table.rows) - 1 for table in document.tables] == [
        len(each.table.rows) for each in found.sections if each.table is not None
    ]
    xml = document.element.xml
    assert set(re.findall(r'w:anchor="(ref\d+)"', xml)) == set(re.findall(r'w:name="(ref\d+)"', xml))
    assert "page" in document.sections[0].footer.paragraphs[0].text
    assert document.core_properties.title == f"{found.title}: {found.dated}"


def test_an_ending_that_is_no_form_is_refused(harrow: Ensemble, tmp_path: Path) -> None:
    with pytest.raises(AnalysisError) as fault:
        fs.brief(harrow, tmp_path / "brief.pdf")
    assert str(fault.value) == (
        "FS458  brief.pdf does not end in .md, .html or .docx; name the file with one of these endings"
    )
    assert list(tmp_path.iterdir()) == []


def test_the_run_folder_gets_the_brief_and_nothing_else(harrow: Ensemble, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(harrow.path, folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    fs.brief(fs.open_run(folder), folder / "brief.html")
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert set(after) - set(before) == {folder / "brief.html"}
    assert all(after[path] == data for path, data in before.items())


def test_a_scenario_without_claims_or_questions_has_a_brief(tmp_path: Path) -> None:
    made: Scenario = fs.load("harrow-hold")
    document = made.model_dump(mode="json", by_alias=True, exclude_none=True)
    document |= {"questions": {}, "claims": [], "variants": {}}
    bare = Scenario.model_validate(document)
    run = fs.simulate(bare, campaigns=20, seed=1, out=tmp_path / "run")
    said = content(run)
    assert "judgements" not in {each.id for each in said.sections}
    assert html(said)


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium to print with")
def test_it_prints_on_two_pages(harrow: Ensemble, found: Brief, tmp_path: Path) -> None:
    page = fs.brief(harrow, tmp_path / "brief.html", found=found)
    pdf = tmp_path / "brief.pdf"
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={pdf}", page.as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert int(re.findall(rb"/Count (\d+)", pdf.read_bytes())[0]) <= 2
