"""``failures`` shows the whole catalogue, texts byte for byte, without a server."""

import json

import msgspec
import pytest

from fakeproviders.cli.formatter import cells
from fakeproviders.failures import catalogue
from tests.cli.conftest import Run

ENTRIES = tuple(catalogue().values())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_pipe_gets_every_text_on_its_own_line(run: Run, lang: str) -> None:
    lines = run("failures", "--lang", lang).out.splitlines()
    for entry in ENTRIES:
        [line] = [line for line in lines if line.split()[:1] == [entry.slug]]
        assert (entry.text or entry.title["zh" if lang == "zh" else "en"]) in line


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_table_folds_and_never_cuts(run: Run, lang: str, columns: int) -> None:
    out = run("failures", "--lang", lang, COLUMNS=str(columns)).out
    assert max(map(cells, out.splitlines())) <= columns
    assert "…" not in out
    assert "\x1b" not in out
    assert all(entry.slug in out for entry in ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.slug)
def test_one_entry_in_full(run: Run, entry: msgspec.Struct) -> None:
    found = catalogue()[entry.slug]  # type: ignore[attr-defined]
    zh, en = run("failures", found.slug, "--lang", "zh"), run("failures", found.slug)
    for result, lang in ((zh, "zh"), (en, "en")):
        assert result.code == 0
        for text in (found.cause, found.remedy, found.title):
            assert flat(text[lang]) in flat(result.out)
        assert f"  {found.panel_prefix}{found.text}" in result.out
    assert "Provenance" in en.out
    assert "出处" in zh.out


def flat(text: str) -> str:
    return "".join(text.split())


def test_json_is_the_catalogue(run: Run) -> None:
    document = json.loads(run("failures", "--json").out)
    assert document == {"failures": msgspec.to_builtins(list(ENTRIES))}
    assert (
        json.loads(run("failures", "--json", "hang").out)
        == document["failures"][[entry.slug for entry in ENTRIES].index("hang")]
    )
