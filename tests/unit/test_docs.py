"""What people read is true: generated tables are current, links lead somewhere, and every block and command runs."""

import importlib.util
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer

import fastness as fs
from fastness.cli.command import app
from fastness.kernel.day import DAY
from fastness.parameters import registry
from fastness.scenario import check, resolve, restore

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [*(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")), *sorted(DOCS.rglob("*.md"))]
PAGES = [page for page in PAGES if "_build" not in page.parts]
TEXTS = {str(page.relative_to(ROOT)): page.read_text(encoding="utf-8") for page in PAGES}
CODE = re.compile(r"^```(?:\{code-cell\} )?python\n(.*?)^```", re.DOTALL | re.MULTILINE)
FENCES = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
WITH_CODE = [name for name, text in TEXTS.items() if CODE.search(text)]
TUTORIAL = "docs/tutorial.md"
FEW = 60


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXTS[page], re.DOTALL | re.MULTILINE)


def module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def run(arguments: list[str], folder: Path) -> str:
    """Run a command in a folder; it must exit with 0. Return what it printed."""
    done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{shlex.join(arguments)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub and Sphinx make of headings."""
    headings = re.findall(r"^#+ (.+)$", FENCES.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_generated_parts_are_current() -> None:
    stale = module(DOCS / "generate.py").stale()
    assert stale == [], "run: python docs/generate.py"


@pytest.mark.parametrize("page", TEXTS)
def test_links_lead_somewhere(page: str) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", FENCES.sub("", TEXTS[page])):
        if "://" in link:
            continue
        file, _, anchor = link.partition("#")
        target = (ROOT / page).parent / file if file else ROOT / page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("page", WITH_CODE)
def test_python_blocks_run(page: str, tmp_path: Path) -> None:
    script = tmp_path / "blocks.py"
    script.write_text("\n".join(CODE.findall(TEXTS[page])), encoding="utf-8")
    run([sys.executable, str(script)], tmp_path)


def test_the_tutorial_runs(tmp_path: Path) -> None:
    """Do what the tutorial says, in its order, with few campaigns."""
    steps = re.findall(r"^```(console|diff)\n(.*?)^```", TEXTS[TUTORIAL], re.DOTALL | re.MULTILINE)
    for kind, text in steps:
        if kind == "diff":
            apply(text, tmp_path)
            continue
        for line in re.findall(r"^\$ fastness (.+)$", text, re.MULTILINE):
            few = ["-n", str(FEW)] if line.startswith("run ") else []
            run([sys.executable, "-m", "fastness", *shlex.split(line), *few], tmp_path)
    assert (tmp_path / "food.html").stat().st_size > 1_000_000


def apply(diff: str, folder: Path) -> None:
    name, _, changes = diff.removeprefix("--- ").partition("\n")
    old = "".join(line[1:] + "\n" for line in changes.splitlines() if line[0] == "-")
    new = "".join(line[1:] + "\n" for line in changes.splitlines() if line[0] == "+")
    text = (folder / name).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def commands_in(text: str) -> list[list[str]]:
    """Return every command line of console blocks and inline code that calls fastness, as words."""
    lines = re.findall(r"^\$ (fastness .+)$", text, re.MULTILINE) + re.findall(r"`(fastness [a-z][^`]*)`", text)
    parts = (part for line in lines for part in line.split("#")[0].split("&&"))
    return [words for part in parts if (words := part.split())[:1] == ["fastness"] and len(words) > 1]


@pytest.mark.parametrize("page", TEXTS)
def test_commands_exist_with_their_options(page: str) -> None:
    verbs: Any = typer.main.get_command(app)
    for _, verb, *rest in commands_in(TEXTS[page]):
        if verb.startswith("-") or verb.isupper():
            continue
        known = {name for option in verbs.commands[verb].params for name in option.opts} | {"--help"}
        assert {word for word in rest if re.fullmatch(r"--?[a-z-]+", word)} <= known, (verb, rest)


@pytest.mark.parametrize("page", TEXTS)
def test_names_in_code_style_exist(page: str) -> None:
    """Parameters, files of the package and scripts that a page names are there."""
    groups = {name.split(".")[0] for name in registry()}
    for name in re.findall(r"`([^`\n]+)`", FENCES.sub("", TEXTS[page])):
        if re.fullmatch(r"fastness/[\w/]+\.(py|toml)", name):
            assert (ROOT / "src" / name).is_file(), name
        if (script := re.fullmatch(r"python ((validation|benchmarks|docs)/\w+\.py).*", name)) is not None:
            assert (ROOT / script[1]).is_file(), name
        if re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", name) and not name.endswith((".py", ".md", ".toml", ".csv")):
            assert name.split(".")[0] not in groups or name in registry(), name


def test_scripts_in_the_readme_are_there() -> None:
    scripts = re.findall(r"^\$ python (\S+\.py)", TEXTS["README.md"], re.MULTILINE)
    assert len(scripts) >= 5
    assert all((ROOT / script).is_file() for script in scripts)


def test_the_readme_begins_with_the_two_commands_and_ci_runs_the_second() -> None:
    install_and_run, install_and_test = blocks("README.md", "sh")[0].splitlines()
    assert install_and_run == "pip install . && fastness run panjshir-2021"
    assert install_and_test == 'pip install ".[test]" && pytest'
    steps = re.findall(r"^step (.+)$", (ROOT / ".ci/run").read_text(encoding="utf-8"), re.MULTILINE)
    assert 'pip install --quiet ".[test]"' in steps
    assert steps[-1] == "pytest"


def test_every_process_has_its_page_in_order() -> None:
    listed = re.findall(r"^\| \d+ \| (\w+) \|.*\(\1\.md\)", TEXTS["docs/methods/index.md"], re.MULTILINE)
    assert listed == [process.__name__ for process in DAY]


def test_every_page_is_in_a_table_of_contents() -> None:
    for index in DOCS.rglob("index.md"):
        text = index.read_text(encoding="utf-8")
        listed = set(text.split("```{toctree}\n:hidden:\n")[1].split("```")[0].split())
        beside = {page.stem for page in index.parent.glob("*.md")} - {"index"}
        below = {f"{page.parent.name}/index" for page in index.parent.glob("*/index.md")}
        assert listed == beside | below


def test_the_valley_of_the_guide_runs(tmp_path: Path) -> None:
    file = tmp_path / "valley.yaml"
    file.write_text(blocks("docs/guides/write-a-scenario.md", "yaml")[0], encoding="utf-8")
    valley = fs.load(file)
    played = fs.simulate(valley.variant("no-talks"), campaigns=20, seed=1, out=tmp_path / "run")
    assert played.outcomes["status"].eq(0).all()


def test_the_plan_of_the_guide_is_sound() -> None:
    from ruamel.yaml import YAML

    plan = YAML(typ="safe").load(blocks("docs/guides/write-a-plan.md", "yaml")[0])
    document = resolve(fs.load("panjshir-2021"))
    document["plans"]["taliban"] = plan["plans"]["taliban"]
    assert check(restore(document)) == []
