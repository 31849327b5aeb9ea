"""``failures``: the catalogue, in a table or one entry in full. Needs no server."""

import click
import msgspec
from rich.console import Group
from rich.text import Text

from fakeproviders.cli.base import command, did_you_mean, json_option, lang_option
from fakeproviders.cli.errors import CliError
from fakeproviders.cli.formatter import wrap
from fakeproviders.cli.lang import Lang
from fakeproviders.cli.punctuation import bracketed
from fakeproviders.failures import Failure, Words, catalogue

DOES = Words(
    zh="列出全部故障，或查看一项的原文、原因和处理方法。",
    en="List all failures, or show one: text, cause, remedy.",
)
MORE = Words(
    zh="每一项都能用 inject 在任意服务商上触发。出处：D 排障指南所载，O 见于公开客户端，A 假定。",
    en="Each can be caused on every provider with inject. Provenance: D documented in the "
    "operators' guide, O observed in public clients, A assumed.",
)
EXAMPLES = ("fakeproviders failures", "fakeproviders failures signature_mismatch")
KINDS = {
    "documented": Words(zh="指南", en="documented"),
    "gateway": Words(zh="网关", en="gateway"),
    "transport": Words(zh="传输", en="transport"),
}
PROVENANCES = {
    "D": Words(zh="D（排障指南所载）", en="D (documented in the operators' guide)"),
    "O": Words(zh="O（见于公开客户端）", en="O (observed in public clients)"),
    "A": Words(zh="A（假定）", en="A (assumed)"),
}

DEDICATED = {"refuse"}
"""What only a session with dedicated ports can have."""


def build(lang: Lang) -> click.Command:
    """The command in one language."""

    @command(lang, "failures", does=DOES, more=MORE, examples=EXAMPLES)
    @click.argument("slug", required=False, metavar=Words(zh="[代号]", en="[SLUG]")[lang])
    @json_option(lang)
    @lang_option(lang)
    def failures(slug: str | None, *, as_json: bool) -> None:
        from fakeproviders.cli.show import json_line, render

        if slug is not None:
            entry = find(slug, lang)
            json_line(msgspec.to_builtins(entry)) if as_json else render(detail(entry, lang))
        elif as_json:
            json_line({"failures": msgspec.to_builtins(list(catalogue().values()))})
        else:
            render(overview(lang))

    return failures


def find(slug: str, lang: Lang) -> Failure:
    """The entry of a slug. Raises CliError that names near ones."""
    entry = catalogue().get(slug)
    if entry is None:
        near = did_you_mean(slug, list(catalogue()), lang)
        listed = Words(
            zh="全部故障见 `fakeproviders failures`。", en=" `fakeproviders failures` lists all."
        )
        said = Words(zh=f"没有故障 {slug!r}。", en=f"No failure is called {slug!r}.")
        raise CliError(said[lang] + (near or listed[lang]))
    return entry


def overview(lang: Lang) -> object:
    """All entries in a table; the title in brackets where a failure has no text of its own."""
    from fakeproviders.cli.show import cell, folding, styled, table

    made = table(
        Words(zh="代号", en="slug")[lang],
        Words(zh="章节", en="section")[lang],
        folding(Words(zh="文字", en="text")[lang]),
        Words(zh="出处", en="from")[lang],
        Words(zh="类别", en="kind")[lang],
    )
    for entry in catalogue().values():
        made.add_row(
            entry.slug,
            "§" + entry.section if entry.section.isdecimal() else section(entry, lang),
            cell(entry.text) if entry.text else Text(bracketed(entry.title[lang], lang), "dim"),
            entry.provenance,
            styled(KINDS[entry.kind][lang], entry.kind),
        )
    return made


def section(entry: Failure, lang: Lang) -> str:
    """The guide's section; its preface has no number."""
    return Words(zh="前言", en="preface")[lang] if entry.section == "preface" else entry.section


def detail(entry: Failure, lang: Lang) -> Group:
    """One entry in full."""
    from fakeproviders.cli.show import console

    parts = [Text(f"{entry.slug}  ", "bold").append(entry.title[lang], "bold cyan")]
    for label, said in facts(entry, lang):
        if said:
            parts.append(Text(f"\n{label[lang]}", "dim"))
            parts.append(Text(indented(said, console().width)))
    return Group(*parts)


def facts(entry: Failure, lang: Lang) -> tuple[tuple[Words, str], ...]:
    """What there is to say, with its label; empty texts are left out by the caller."""
    session = " --session ID" if entry.slug in DEDICATED else ""
    return (
        (Words(zh="类别", en="Kind"), KINDS[entry.kind][lang]),
        (Words(zh="指南章节", en="Guide section"), section(entry, lang)),
        (Words(zh="出处", en="Provenance"), PROVENANCES[entry.provenance][lang]),
        (Words(zh="服务商返回", en="Provider says"), entry.text),
        (Words(zh="面板显示", en="Panel shows"), entry.panel_prefix and shown(entry)),
        (Words(zh="原因", en="Cause"), entry.cause[lang]),
        (Words(zh="处理方法", en="Remedy"), entry.remedy[lang]),
        (Words(zh="触发", en="Script it"), f"fakeproviders inject official {entry.slug}{session}"),
    )


def indented(text: str, width: int) -> str:
    """A paragraph two columns in, no line of it wider than the terminal."""
    return "\n".join(f"  {line}" for line in wrap(text.strip(), width - 2))


def shown(entry: Failure) -> str:
    """What the operator's panel makes of it."""
    return entry.panel_prefix + entry.text
