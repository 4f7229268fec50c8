"""Write the generated parts of the documentation: `python docs/generate.py` (with `--check`: only say what is stale).

A page holds `<!-- generated: NAME -->` and `<!-- end -->`; what stands between is rewritten from the code, so that
tables of fields, parameters, error codes and verbs cannot differ from what they describe. `priors` on a methods page
is the table of the parameters that the page names, with a picture of their priors in `docs/methods/priors/`.
"""

import re
import sys
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import typer
from priors import picture
from pydantic import BaseModel

from fastness.cli.command import app
from fastness.errors import CODES
from fastness.kernel.events import EVENTS
from fastness.parameters import Fixed, Parameter, describe, markdown_table, registry
from fastness.posteriors import ALL, distributions
from fastness.scenario import field_table, model
from fastness.scenario.observables import OBSERVABLES

DOCS = Path(__file__).parent
PICTURES = DOCS / "methods" / "priors"
BLOCK = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
PARTS = (
    *("scenario", "clock", "sides", "places", "routes", "forces", "stocks", "sources", "claims", "beliefs", "windows"),
    *("plans", "questions", "variants", "record", "layers"),
)
WORDS = Path(model.__file__).with_name("words.toml")


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    names = list(head)
    lines = [names, ["---"] * len(names), *(list(row) for row in rows)]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def fields() -> str:
    """Return one table for each part of a scenario."""
    texts = []
    for part in PARTS:
        rows = (
            (f"`{row.name}`", row.kind, row.unit, row.range, row.default or "**required**", row.about)
            for row in field_table(part)
        )
        texts.append(f"## {part}\n\n{table(('field', 'kind', 'unit', 'range', 'default', 'what it is'), rows)}")
    return "\n".join(texts)


def block_parts() -> str:
    """Return what a plan block's orders and delay consist of, which no table of a scenario holds."""

    def described(part: type[BaseModel]) -> str:
        rows = ((f"`{info.alias or name}`", info.description or "") for name, info in part.model_fields.items())
        return table(("field", "what it is"), rows)

    return f"### orders\n\n{described(model.Orders)}\n### delay [days]\n\n{described(model.Delay)}"


def parameters() -> str:
    """Return the registry."""
    return f"{len(registry())} parameters.\n\n{markdown_table(distributions(ALL))}"


def errors() -> str:
    """Return every error code with its page."""
    return "\n".join(
        f"## {code}\n\n**{page.title}.** {page.explanation}\n\n*What to do:* {page.what_to_do}\n"
        for code, page in CODES.items()
    )


def observables() -> str:
    """Return what conditions and questions can look at."""
    rows = ((f"`{row.usage()}`", row.result, row.unit, row.about) for row in OBSERVABLES.values())
    return table(("observable", "gives", "unit", "what it is"), rows)


def words() -> str:
    """Return what words mean as numbers."""
    lists = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    rows = ((kind, said, f"{low:,} – {high:,}") for kind, row in lists.items() for said, (low, high) in row.items())
    return table(("of", "words", "5 – 95 %"), rows)


def events() -> str:
    """Return the kinds of events."""
    return "".join(f"- `{kind}`\n" for kind in EVENTS)


def commands() -> str:
    """Return every verb with its arguments and options; those of a group one by one."""
    group: Any = typer.main.get_command(app)
    verbs = [
        (f"{name} {part}", each)
        for name, verb in group.commands.items()
        for part, each in getattr(verb, "commands", {"": verb}).items()
    ]
    return "\n".join(_command(name.strip(), verb) for name, verb in verbs)


def _command(name: str, verb: Any) -> str:  # noqa: ANN401 - typer does not say of what type
    arguments = [_metavar(option) for option in verb.params if option.param_type_name == "argument"]
    usage = f"```text\n{' '.join(['fastness', name, *arguments])} [OPTIONS]\n```"
    rows = [_option(option) for option in verb.params]
    return f"## {name}\n\n{verb.help}\n\n{usage}\n\n{table(('', 'what it does'), rows)}"


def _metavar(argument: Any) -> str:  # noqa: ANN401 - typer does not say of what type
    return str(argument.metavar or f"[{argument.name.upper()}]")


def _option(option: Any) -> tuple[str, str]:  # noqa: ANN401 - typer does not say of what type
    if option.param_type_name == "argument":
        return f"`{_metavar(option)}`", option.help
    names = ", ".join(f"`{name}`" for name in option.opts)
    is_told = isinstance(option.default, int | float | str) and not isinstance(option.default, bool)
    return names, option.help + (f" Default: {option.default}." if is_told else "")


GENERATED: dict[str, Callable[[], str]] = {
    "fields": fields,
    "block-parts": block_parts,
    "parameters": parameters,
    "errors": errors,
    "observables": observables,
    "words": words,
    "events": events,
    "commands": commands,
}


def named(text: str) -> list[Parameter]:
    """Return the parameters that a page names in code style outside its generated parts, in the order of the page."""
    names = dict.fromkeys(re.findall(r"[`{]([a-z_]+\.[a-z0-9_]+)[`}]", BLOCK.sub("", text).replace("\\_", "_")))
    return [registry()[name] for name in names if name in registry()]


def priors(text: str, name: str) -> str:
    """Return the table of the parameters of a page, and under it the picture of those that are drawn."""
    rows = ((f"`{row.name}`", describe(row.prior), row.unit, row.about, row.evidence) for row in named(text))
    shown = table(("parameter", "value or prior", "unit", "what it is", "evidence"), rows)
    return f"{shown}\n![Densities of the priors]({PICTURES.name}/{name}.svg)\n" if drawn(text) else shown


def drawn(text: str) -> list[Parameter]:
    """Return the parameters of a page that have a prior and no single value."""
    return [row for row in named(text) if not isinstance(row.prior, Fixed)]


def renewed(text: str, name: str = "") -> str:
    """Return a page with its generated parts written anew; `name` is that of its file."""

    def part(kind: str) -> str:
        return priors(text, name) if kind == "priors" else GENERATED[kind]()

    return BLOCK.sub(lambda found: f"{found[1]}\n{part(found[2])}\n{found[3]}", text)


def pictures() -> dict[Path, str]:
    """Return the pictures of priors that the methods pages show."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in pages() if path.parent == PICTURES.parent}
    return {
        PICTURES / f"{name}.svg": picture(drawn(text))
        for name, text in texts.items()
        if "<!-- generated: priors -->" in text and drawn(text)
    }


def pages() -> list[Path]:
    """Return all pages of the documentation."""
    return sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts)


def stale() -> list[Path]:
    """Return the pages and pictures that differ from the code, and pictures that no page shows."""
    made = pictures()
    texts = [path for path in pages() if renewed(text := path.read_text(encoding="utf-8"), path.stem) != text]
    drawings = [path for path, text in made.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    return [*texts, *drawings, *sorted(set(PICTURES.glob("*.svg")) - set(made))]


def renew(path: Path, made: dict[Path, str]) -> None:
    """Rewrite one stale page or picture; a picture that no page shows goes."""
    if path.suffix == ".md":
        path.write_text(renewed(path.read_text(encoding="utf-8"), path.stem), encoding="utf-8")
    elif path in made:
        path.write_text(made[path], encoding="utf-8")
    else:
        path.unlink()


def main() -> int:
    """Rewrite stale pages, or only name them; return the exit code."""
    found, made = stale(), pictures()
    only_check = "--check" in sys.argv
    PICTURES.mkdir(exist_ok=True)
    for path in found:
        if not only_check:
            renew(path, made)
        print(f"{'stale' if only_check else 'written'}: {path.relative_to(DOCS)}")  # noqa: T201 - a command
    return int(only_check and bool(found))


if __name__ == "__main__":
    sys.exit(main())
