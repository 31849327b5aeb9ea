"""Scenario files that the tests of the language are about: three good ones."""

from pathlib import Path

from fakeproviders.scenario.lint import scenario_findings
from fakeproviders.scenario.load import File, parse
from fakeproviders.scenario.mistakes import BadFile, Mistake
from fakeproviders.scenario.model import Scenario

FOLDER = Path(__file__).parent / "files"
GOOD = tuple(sorted(FOLDER.glob("*.scenario.yaml")))


def text_of(name: str) -> str:
    """A good file's text."""
    return (FOLDER / f"{name}.scenario.yaml").read_text("utf-8")


def parsed(text: str | bytes) -> File[Scenario]:
    """A text as if it were the file ``x.scenario.yaml``. Raises BadFile."""
    raw = text.encode() if isinstance(text, str) else text
    return parse(raw, Path("x.scenario.yaml"), Scenario, scenario_findings)


def mistakes_in(text: str | bytes) -> tuple[Mistake, ...]:
    """All mistakes of a text; none when it is good."""
    try:
        parsed(text)
    except BadFile as error:
        return error.mistakes
    return ()
