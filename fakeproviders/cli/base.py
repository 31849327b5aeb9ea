"""The ground all commands stand on: a lazy group, help pages with examples, common options."""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from fakeproviders.cli.formatter import WideFormatter
from fakeproviders.cli.lang import Lang
from fakeproviders.failures import Words

Function = Callable[..., Any]
Decorator = Callable[[Function], Function]

PROVIDERS = ("official", "reseller", "erban", "upstream")
"""Whose messages and requests there are; ``upstream`` is the reseller's own account."""
HELP_OPTIONS = ["-h", "--help"]
PROG = "fakeproviders"
CONTROL = "http://127.0.0.1:9400"
"""Where commands look for the server unless they are told."""


class Context(click.Context):
    """Help pages with columns that are right in Chinese."""

    formatter_class = WideFormatter


class Command(click.Command):
    """A command whose help page ends with examples."""

    context_class = Context

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples as they stand, unwrapped."""
        write_examples(formatter, self.examples)


class Cli(click.Group):
    """The group: a command's module is imported when the command is asked for."""

    context_class = Context

    def __init__(
        self, lang: Lang, names: Sequence[str], *, examples: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.lang = lang
        self.names = names
        self.examples = examples

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which one meets them."""
        del ctx
        return list(self.names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Build one command in the run's language."""
        del ctx
        if cmd_name not in self.names:
            return None
        module = import_module(f"fakeproviders.cli.commands.{cmd_name}")
        command: click.Command = module.build(self.lang)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of a line; an unknown one's error names those that are near."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = did_you_mean(args[0], self.names, self.lang)
            raise click.UsageError(f"{error.message}{near}", ctx) from None

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples as they stand, unwrapped."""
        del ctx
        write_examples(formatter, self.examples)


def write_examples(formatter: click.HelpFormatter, examples: Sequence[str]) -> None:
    """The last section of a help page. Its heading is in the catalogue of click's messages."""
    if examples:
        from gettext import gettext

        with formatter.section(gettext("Examples")):
            for line in examples:
                formatter.write(f"{'':{formatter.current_indent}}{line}\n")


def did_you_mean(word: str, known: Sequence[str], lang: Lang) -> str:
    """A sentence with the nearest known words, to follow another; empty when none is near."""
    near = ", ".join(get_close_matches(word, known))
    return Words(zh=f"您是不是要找：{near}？", en=f" Did you mean: {near}?")[lang] if near else ""


def command(
    lang: Lang, name: str, *, does: Words, more: Words | None = None, examples: Sequence[str]
) -> Callable[[Callable[..., Any]], click.Command]:
    """Decorate a function as a command; ``does`` is its line in the list, ``more`` what follows."""
    text = f"{does[lang]}\n\n{more[lang]}" if more else does[lang]
    return click.command(
        name,
        cls=Command,
        help=text,
        short_help=does[lang],
        examples=examples,
        context_settings={"help_option_names": HELP_OPTIONS},
        options_metavar=Words(zh="[选项]", en="[OPTIONS]")[lang],
    )


def together(*options: Decorator) -> Decorator:
    """Several option decorators as one, in reading order."""

    def decorate(function: Function) -> Function:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def lang_option(lang: Lang) -> Decorator:
    """``--lang``: read before parsing; here for the help page, and to refuse a wrong value."""
    return click.option(
        "--lang",
        type=click.Choice(("zh", "en")),
        expose_value=False,
        help=Words(zh="语言；默认取自系统区域设置。", en="Language; by default the locale's.")[
            lang
        ],
    )


def json_option(lang: Lang) -> Decorator:
    """``--json``: then nothing but JSON goes to stdout."""
    words = Words(zh="输出 JSON，供程序读取。", en="Print JSON, for a program to read.")
    return click.option("--json", "as_json", is_flag=True, help=words[lang])


def token_option(lang: Lang, words: Words) -> Decorator:
    """``--token``, also from the environment."""
    return click.option(
        "--token", metavar="TOKEN", envvar="FAKEPROVIDERS_TOKEN", show_envvar=True, help=words[lang]
    )


def server_options(lang: Lang) -> Decorator:
    """What a command needs that starts a server of its own where none is named."""
    control = Words(zh="控制服务的地址。", en="Address of the control server.")
    token = Words(zh="控制服务的访问令牌。", en="The control server's bearer token.")
    return together(
        click.option(
            "--control",
            "--url",
            metavar="URL",
            envvar="FAKEPROVIDERS_CONTROL",
            show_envvar=True,
            help=control[lang],
        ),
        token_option(lang, token),
        json_option(lang),
        lang_option(lang),
    )


def client_options(lang: Lang) -> Decorator:
    """What every command needs that talks to a running server."""
    session = Words(zh="会话编号。", en="The session's id.")
    control = Words(zh="控制服务的地址。", en="Address of the control server.")
    token = Words(
        zh="访问令牌；服务不在本机回环地址上时需要。",
        en="Bearer token; needed when the server is not on loopback.",
    )
    return together(
        click.option(
            "--session", metavar="ID", default="default", show_default=True, help=session[lang]
        ),
        click.option(
            "--control",
            metavar="URL",
            envvar="FAKEPROVIDERS_CONTROL",
            default=CONTROL,
            show_default=True,
            show_envvar=True,
            help=control[lang],
        ),
        token_option(lang, token),
        json_option(lang),
        lang_option(lang),
    )
