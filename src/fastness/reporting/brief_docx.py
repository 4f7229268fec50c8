"""A brief as DOCX: real headings, tables and a footer; every reference links to its line at the end."""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from docx import Document
from docx.document import Document as File
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from fastness.reporting.brief_parts import Brief, Line, Section, Table

ACCENT, MUTED = RGBColor(0x1F, 0x66, 0x9F), RGBColor(0x58, 0x5F, 0x69)
BODY: Final = "Calibri"
HEADS: Final = "Cambria"
#: width of the first column of a table, of the others together [cm]; a page of A4 has 18 between its margins
FIRST, OTHERS = 6.4, 11.6
XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"


def docx(found: Brief) -> bytes:
    """Render a brief as a DOCX file."""
    document = Document()
    _set_up(document, found)
    document.add_heading(_clean(found.title), level=0)
    _line(document.add_paragraph(style="Subtitle"), Line(f"{found.dated}. ", ()))
    _line(document.add_paragraph(style="Caption"), found.basis)
    for section in found.sections:
        _section(document, section)
    document.add_heading("Where each number comes from", level=2)
    for reference in found.references:
        paragraph = document.add_paragraph(style="Caption")
        _bookmark(paragraph, reference.number)
        paragraph.add_run(_clean(f"{reference.number}  {reference.file} · {reference.field} · {reference.how}"))
    document.add_paragraph(_clean(found.footer), style="Caption")
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _set_up(document: File, found: Brief) -> None:
    """Set page, styles, properties and footer."""
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21.0), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(1.5)
    document.core_properties.title = _clean(f"{found.title}: {found.dated}")
    document.core_properties.author = "fastness"
    sizes = {
        "Normal": 9.5,
        "List Bullet": 9.5,
        "Caption": 7.5,
        "Subtitle": 10,
        "Title": 22,
        "Heading 1": 12,
        "Heading 2": 9,
    }
    for name, size in sizes.items():
        style = document.styles[name]
        style.font.size, style.font.name = Pt(size), HEADS if name.startswith(("Title", "Heading")) else BODY
        style.paragraph_format.space_after = Pt(2)
        style.paragraph_format.space_before = Pt(7 if name.startswith("Heading") else 0)
    for name in ("Heading 1", "Heading 2"):
        document.styles[name].font.color.rgb = ACCENT
    document.styles["Caption"].font.color.rgb = MUTED
    document.styles["Caption"].font.bold = False
    foot = page.footer.paragraphs[0]
    foot.style = document.styles["Caption"]
    foot.add_run(_clean(f"{found.title} · {found.dated} · page "))
    _field(foot, "PAGE")


def _section(document: File, section: Section) -> None:
    document.add_heading(section.title, level=1)
    several = len(section.lines) > 1 and section.id != "bottom-line"
    for number, line in enumerate(section.lines):
        paragraph = document.add_paragraph(style="List Bullet" if several else "Normal")
        _line(paragraph, line, bold=section.id == "bottom-line" and number == 0)
    if section.table is not None:
        _table(document, section.table)
    if section.note is not None:
        _line(document.add_paragraph(style="Caption"), section.note)


def _table(document: File, table: Table) -> None:
    made = document.add_table(rows=1, cols=len(table.header), style="Light List Accent 1")
    made.alignment = WD_TABLE_ALIGNMENT.LEFT
    widths = [FIRST, *[OTHERS / (len(table.header) - 1)] * (len(table.header) - 1)]
    for cell, text in zip(made.rows[0].cells, table.header, strict=True):
        cell.paragraphs[0].add_run(_clean(text))
    for cells, references in zip(table.rows, table.references, strict=True):
        row = made.add_row().cells
        for number, text in enumerate(cells):
            last = number == len(cells) - 1
            _line(row[number].paragraphs[0], Line(text, references if last else ()))
    for row in made.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(8.5)


def _line(paragraph: Paragraph, line: Line, *, bold: bool = False) -> None:
    if line.lead:
        paragraph.add_run(_clean(line.lead)).bold = True
    paragraph.add_run(_clean(line.text)).bold = bold
    _links(paragraph, line.references)


def _links(paragraph: Paragraph, references: Sequence[int]) -> None:
    """Append raised numbers that link to the references' bookmarks."""
    for number in references:
        link, run = OxmlElement("w:hyperlink"), OxmlElement("w:r")
        link.set(qn("w:anchor"), f"ref{number}")
        raised, properties, text = OxmlElement("w:vertAlign"), OxmlElement("w:rPr"), OxmlElement("w:t")
        raised.set(qn("w:val"), "superscript")
        properties.append(raised)
        text.text = f" {number}"
        text.set(XML_SPACE, "preserve")
        run.append(properties)
        run.append(text)
        link.append(run)
        paragraph._p.append(link)


def _bookmark(paragraph: Paragraph, number: int) -> None:
    for kind in ("w:bookmarkStart", "w:bookmarkEnd"):
        mark = OxmlElement(kind)
        mark.set(qn("w:id"), str(number))
        if kind.endswith("Start"):
            mark.set(qn("w:name"), f"ref{number}")
        paragraph._p.append(mark)


def _field(paragraph: Paragraph, name: str) -> None:
    """Append a field that the word processor works out, such as the number of the page."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    paragraph._p.append(field)


def _clean(text: str) -> str:
    """Drop what XML cannot hold: control characters."""
    return "".join(letter for letter in text if letter >= " " or letter in "\n\t")
