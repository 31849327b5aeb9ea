"""``scenarios``: which there are, what one does, whether files are right, and their JSON Schema."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from fakeproviders.cli.base import command, did_you_mean, json_option, lang_option
from fakeproviders.cli.errors import CliError
from fakeproviders.cli.lang import Lang
from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit

if TYPE_CHECKING:
    from fakeproviders.scenario.load import File
    from fakeproviders.scenario.mistakes import Mistake
    from fakeproviders.scenario.model import Scenario

ACTIONS = ("list", "show", "lint", "schema")
TARGET = "target"
DOES = Words(
    zh="列出、查看、检查场景文件，或输出其 JSON Schema。",
    en="List, show and check scenario files, or print their JSON Schema.",
)
MORE = Words(
    zh="ACTION 是 list（列出，默认）、show（查看）、lint（检查）或 schema。NAME 是自带场景的名称、"
    "故障的代号（即展示它的全部自带场景）、文件或目录；不给则是全部自带场景。"
    "lint 指出每处错误的文件、行、列和可能的正确写法，有错时退出码为 1。把 schema 的输出存成文件，"
    "编辑器便能补全和检查场景；schema target 用于目标文件。",
    en="ACTION is list (the default), show, lint or schema. A NAME is a shipped scenario's, or a failure's, "
    "for all that show it, or a file, or a folder; without one it is all that are shipped. "
    "lint names each mistake's file, line and column and what was probably meant, and exits with 1 "
    "when there are any. An editor that is given the schema completes and checks scenarios; schema "
    "target is for target files.",
)
EXAMPLES = (
    "fakeproviders scenarios list --tag guide",
    "fakeproviders scenarios show signature_mismatch",
    "fakeproviders scenarios lint tests/scenarios/",
    "fakeproviders scenarios schema > scenario.schema.json",
    "fakeproviders scenarios schema target > target.schema.json",
)
TAG = Words(
    zh="只列出带此标签的；可重复，须全部具备。",
    en="Only those with this tag; repeated: with all of them.",
)


def build(lang: Lang) -> click.Command:
    """The command in one language."""

    @command(lang, "scenarios", does=DOES, more=MORE, examples=EXAMPLES)
    @click.argument("action", type=click.Choice(ACTIONS), default="list", metavar="[ACTION]")
    @click.argument("names", nargs=-1, metavar="[NAME]...")
    @click.option("--tag", "tags", multiple=True, metavar="TAG", help=TAG[lang])
    @json_option(lang)
    @lang_option(lang)
    @click.pass_context
    def scenarios(
        ctx: click.Context, /, action: str, names: Sequence[str], tags: Sequence[str], *,
        as_json: bool,
    ) -> None:  # fmt: skip
        check_use(ctx, lang, action, names, tags)
        if action == "schema":
            print_schema(lang, of_targets=bool(names))
        elif action == "lint":
            ctx.exit(lint(files(names, lang), lang, as_json=as_json))
        elif action == "show":
            show(loaded(files(names, lang), lang), lang, as_json=as_json)
        else:
            found = with_tags(loaded(files(names, lang), lang), tags, lang)
            list_them(found, lang, as_json=as_json)

    return scenarios


def check_use(
    ctx: click.Context, lang: Lang, action: str, names: Sequence[str], tags: Sequence[str]
) -> None:
    """Refuse what an action has no use for."""
    needs = Words(zh="show 需要 NAME。", en="show needs a NAME.")
    takes_none = Words(
        zh="schema 不需要 NAME，只可写 target。", en="schema takes no NAME, unless it is target."
    )
    only_list = Words(zh="--tag 只用于 list。", en="--tag goes with list alone.")
    for wrong, words in (
        (action == "show" and not names, needs),
        (action == "schema" and list(names) not in ([], [TARGET]), takes_none),
        (action != "list" and tags, only_list),
    ):
        if wrong:
            raise click.UsageError(words[lang], ctx)


def files(names: Sequence[str], lang: Lang) -> list[Path]:
    """The files that are meant. Raises CliError for a name that leads to none."""
    from fakeproviders.scenario.shipped import chosen

    try:
        return chosen(names)
    except Misfit as error:
        raise CliError(error.words[lang]) from None


def loaded(paths: Iterable[Path], lang: Lang) -> "list[File[Scenario]]":
    """The scenarios. Raises CliError with all mistakes of all files."""
    from fakeproviders.scenario.load import load
    from fakeproviders.scenario.mistakes import BadFile

    good, told = [], []
    for path in paths:
        try:
            good.append(load(path))
        except BadFile as error:
            told.append(error.told(lang))
    if told:
        raise CliError("\n".join(told))
    return good


def with_tags(
    found: "Sequence[File[Scenario]]", tags: Sequence[str], lang: Lang
) -> "list[File[Scenario]]":
    """Those that have all the tags. Raises CliError when none has."""
    chosen = [file for file in found if set(tags) <= set(file.value.tags)]
    if chosen:
        return chosen
    asked, known = ", ".join(tags), sorted({tag for file in found for tag in file.value.tags})
    said = Words(zh=f"没有带标签 {asked} 的场景。", en=f"No scenario has the tags {asked}.")
    listed = Words(zh=f"有的标签：{', '.join(known)}", en=f" There are: {', '.join(known)}")
    near = "".join(did_you_mean(tag, known, lang) for tag in tags)
    raise CliError(said[lang] + (near or listed[lang]))


def print_schema(lang: Lang, *, of_targets: bool) -> None:
    """The JSON Schema of scenarios, or of target files, indented for whoever reads it."""
    import json

    from fakeproviders.scenario.descriptions import described_in
    from fakeproviders.scenario.schema import scenario_schema
    from fakeproviders.scenario.targets.schema import target_schema

    schema = target_schema() if of_targets else scenario_schema()
    click.echo(json.dumps(described_in(lang, schema), ensure_ascii=False, indent=2))


def lint(paths: Sequence[Path], lang: Lang, *, as_json: bool) -> int:
    """Tell all mistakes of all files; the exit code."""
    from fakeproviders.cli.show import json_line, visible

    mistakes = [mistake for path in paths for mistake in mistakes_of(path)]
    if as_json:
        json_line({"files": len(paths), "mistakes": msgspec.to_builtins(mistakes)})
    else:
        for mistake in mistakes:
            click.echo(visible(mistake.told(lang)))
        click.echo(verdict(len(paths), mistakes)[lang])
    return 1 if mistakes else 0


def mistakes_of(path: Path) -> "Sequence[Mistake]":
    """What is wrong with a file."""
    from fakeproviders.scenario.load import load
    from fakeproviders.scenario.mistakes import BadFile

    try:
        load(path)
    except BadFile as error:
        return error.mistakes
    return ()


def verdict(count: int, mistakes: "Sequence[Mistake]") -> Words:
    """The last line."""
    if not mistakes:
        files_are = "1 file is" if count == 1 else f"{count} files are"
        return Words(zh=f"{count} 个文件，没有错误。", en=f"{files_are} right.")
    bad, many = len({m.file for m in mistakes}), len(mistakes)
    return Words(
        zh=f"{count} 个文件中 {bad} 个有错，共 {many} 处。",
        en=f"{many} mistake{'s' if many > 1 else ''} in {bad} of {count} file{'s' if count > 1 else ''}.",
    )


def list_them(found: "Sequence[File[Scenario]]", lang: Lang, *, as_json: bool) -> None:
    """A table, or JSON with what the table shows."""
    from fakeproviders.cli.show import cell, folding, json_line, render, table
    from fakeproviders.scenario.report.text import section_words

    if as_json:
        json_line({"scenarios": [facts(file) for file in found]})
        return
    made = table(
        Words(zh="名称", en="name")[lang],
        Words(zh="章节", en="section")[lang],
        folding(Words(zh="标签", en="tags")[lang]),
        folding(Words(zh="内容", en="what it shows")[lang]),
    )
    for file in found:
        scenario = file.value
        title = Words(zh=scenario.title.zh, en=scenario.title.en)
        made.add_row(
            cell(file.name),
            cell(section_words(scenario.section)[lang]),
            cell(", ".join(scenario.tags)),
            cell(title[lang]),
        )
    render(made)


def facts(file: "File[Scenario]") -> dict[str, object]:
    """One scenario in the list."""
    scenario = file.value
    return {
        "name": file.name,
        "title": msgspec.to_builtins(scenario.title),
        "section": scenario.section,
        "failure": scenario.failure,
        "tags": list(scenario.tags),
        "target": scenario.target,
        "path": str(file.path),
    }


def show(found: "Sequence[File[Scenario]]", lang: Lang, *, as_json: bool) -> None:
    """What each does, step by step; as JSON the whole files."""
    from fakeproviders.cli.show import json_line, render
    from fakeproviders.cli.story import story

    if as_json:
        whole = [facts(f) | {"scenario": msgspec.to_builtins(f.value)} for f in found]
        json_line({"scenarios": whole})
        return
    for number, file in enumerate(found):
        render(*(["\n"] if number else []), story(file, lang))
