"""``scenarios``: which there are, what one does, whether files are right, and their JSON Schema."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
from rich.console import Group
from rich.text import Text

from fakeproviders.cli.base import command, json_option, lang_option
from fakeproviders.cli.errors import CliError
from fakeproviders.cli.formatter import wrap
from fakeproviders.cli.lang import Lang
from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit

if TYPE_CHECKING:
    from fakeproviders.scenario.load import File
    from fakeproviders.scenario.mistakes import Mistake
    from fakeproviders.scenario.model import Expect, Scenario, Step

ACTIONS = ("list", "show", "lint", "schema")
TARGET = "target"
DOES = Words(
    zh="列出、查看、检查场景文件，或输出其 JSON Schema。",
    en="List, show and check scenario files, or print their JSON Schema.",
)
MORE = Words(
    zh="NAME 是自带场景的名称、故障的代号（即展示它的全部自带场景）、文件或目录；不给则是全部自带场景。"
    "lint 指出每处错误的文件、行、列和可能的正确写法，有错时退出码为 1。把 schema 的输出存成文件，"
    "编辑器便能补全和检查场景；schema target 用于目标文件。",
    en="A NAME is a shipped scenario's, or a failure's, for all that show it, or a file, or a folder; "
    "without one it is all that are shipped. "
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

MARK = re.compile(r"( *(?:\d+\.|→) |)(.*)", re.DOTALL)


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
            print_schema(of_targets=bool(names))
        elif action == "lint":
            ctx.exit(lint(files(names, lang), lang, as_json=as_json))
        elif action == "show":
            show(loaded(files(names, lang), lang), lang, as_json=as_json)
        else:
            found = [f for f in loaded(files(names, lang), lang) if set(tags) <= set(f.value.tags)]
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


def print_schema(*, of_targets: bool) -> None:
    """The JSON Schema of scenarios, or of target files, indented for whoever reads it."""
    import json

    from fakeproviders.scenario.schema import scenario_schema
    from fakeproviders.scenario.targets.schema import target_schema

    schema = target_schema() if of_targets else scenario_schema()
    click.echo(json.dumps(schema, ensure_ascii=False, indent=2))


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
            cell(section(scenario.section, lang)),
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


def section(number: str | None, lang: Lang) -> str:
    """The guide's section; its preface has no number."""
    if number == "preface":
        return Words(zh="前言", en="preface")[lang]
    return f"§{number}" if number else ""


def show(found: "Sequence[File[Scenario]]", lang: Lang, *, as_json: bool) -> None:
    """What each does, step by step; as JSON the whole files."""
    from fakeproviders.cli.show import json_line, render

    if as_json:
        whole = [facts(f) | {"scenario": msgspec.to_builtins(f.value)} for f in found]
        json_line({"scenarios": whole})
        return
    for number, file in enumerate(found):
        render(*(["\n"] if number else []), detail(file, lang))


def detail(file: "File[Scenario]", lang: Lang) -> Group:
    """One scenario in full."""
    from fakeproviders.cli.show import console, visible

    scenario = file.value
    title = Words(zh=scenario.title.zh, en=scenario.title.en)
    parts = [Text(f"{file.name}  ", "bold").append(visible(title[lang]), "bold cyan")]
    for label, lines in paragraphs(scenario, lang):
        parts.append(Text(f"\n{label[lang]}", "dim"))
        parts += [Text(shown) for line in lines for shown in folded(visible(line), console().width)]
    return Group(*parts)


def folded(line: str, width: int) -> Iterator[str]:
    """A line two columns in; what follows a number or an arrow stays to the right of it."""
    mark, text = MARK.fullmatch(line).groups()  # type: ignore[union-attr] # it always matches
    for number, part in enumerate(wrap(text, width - len(mark) - 2)):
        yield f"  {'' if number else mark:{len(mark)}}{part}"


def paragraphs(scenario: "Scenario", lang: Lang) -> Iterator[tuple[Words, list[str]]]:
    """What there is to say, each with its label."""
    from fakeproviders.failures import catalogue

    if scenario.about is not None:
        yield (
            Words(zh="说明", en="About"),
            [Words(zh=scenario.about.zh, en=scenario.about.en)[lang]],
        )
    if scenario.section:
        yield Words(zh="指南章节", en="Guide section"), [section(scenario.section, lang)]
    if scenario.failure:
        entry = catalogue()[scenario.failure]
        yield Words(zh="故障", en="Failure"), [f"{entry.slug}: {entry.title[lang]}"]
        yield Words(zh="原因", en="Cause"), [entry.cause[lang]]
    yield Words(zh="标签", en="Tags"), [", ".join(scenario.tags) or "-"]
    yield Words(zh="目标", en="Target"), [f"{scenario.target}, seed {scenario.seed}"]
    yield Words(zh="步骤", en="Steps"), list(steps(scenario.steps, lang))
    if scenario.remedy:
        yield Words(zh="处理方法", en="Remedy"), list(steps(scenario.remedy, lang))


def steps(of_phase: "Sequence[Step]", lang: Lang) -> Iterator[str]:
    """Steps, numbered, and below each what the user must be told."""
    from fakeproviders.scenario.steps import step_words

    for number, step in enumerate(of_phase, 1):
        yield f"{number}. {step_words(step)[lang]}"
        told = user_words(step.expect)
        if told is not None:
            yield f"   → {told[lang]}"


def user_words(expect: "Expect") -> Words | None:
    """What the user must be told, in a line."""
    user = expect.user
    if user is None:
        return None
    if user.sees is not None:
        return Words(zh=f"用户看到：{user.sees}", en=f"the user sees: {user.sees}")
    if user.failure is not None:
        return Words(zh=f"失败：{user.failure}", en=f"it fails: {user.failure}")
    if user.succeeds is not None:
        done = Words(zh="成功", en="it succeeds")
        return done if user.succeeds else Words(zh="不成功", en="it does not succeed")
    return None
