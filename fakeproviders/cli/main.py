"""The entry point: find the language, run one command, turn what goes wrong into an exit code."""

import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn, TextIO

import click

from fakeproviders import __version__
from fakeproviders.cli.base import HELP_OPTIONS, PROG, Cli, lang_option
from fakeproviders.cli.errors import CliError
from fakeproviders.cli.lang import Lang, choose, speaking
from fakeproviders.cli.punctuation import sentence
from fakeproviders.failures import Words
from fakeproviders.punctuation import COLON
from fakeproviders.system_errors import why

COMMANDS = (
    "serve",
    "failures",
    "inject",
    "inbox",
    "journal",
    "verify",
    "clock",
    "replay",
    "scenarios",
    "load",
)
INTERRUPTED = 130
"""What shells report for a program that Ctrl-C ended."""


def build(lang: Lang) -> Cli:
    """The whole command line in one language."""
    does = Words(
        zh="国内短信服务商通道的仿真服务：官方接口、上级代理、二办（Erban）。",
        en="Mock servers for Chinese SMS provider channels: official API, reseller proxy, Erban.",
    )
    version = Words(zh="显示版本号并退出。", en="Show the version and exit.")

    @click.group(
        PROG,
        cls=Cli,
        lang=lang,
        names=COMMANDS,
        help=does[lang],
        examples=(f"{PROG} serve", f"{PROG} inject official signature_mismatch --times 2"),
        context_settings={"help_option_names": HELP_OPTIONS},
        options_metavar=Words(zh="[选项]", en="[OPTIONS]")[lang],
        subcommand_metavar=Words(zh="命令 [参数]...", en="COMMAND [ARGS]...")[lang],
    )
    @click.version_option(
        __version__, prog_name=PROG, message="%(prog)s %(version)s", help=version[lang]
    )
    @lang_option(lang)
    def cli() -> None:
        pass

    return cli


def run(args: Sequence[str]) -> int:
    """Run one command line and return its exit code: 0 good, 1 a check failed, 2 usage."""
    lang = choose(args, os.environ)
    with speaking(lang):
        try:
            code = call(build(lang), list(args))
            flush()
        except click.ClickException as error:
            pointed(error, lang).show()
            return error.exit_code
        except BrokenPipeError:
            return 0  # the reader has seen enough
        except (KeyboardInterrupt, click.Abort):
            return INTERRUPTED
        except OSError as error:  # a full disk, say
            CliError(told(error)[lang]).show()
            return CliError.exit_code
        except Exception as error:  # noqa: BLE001 - the last resort: a line, not a traceback
            return unexpected(error, lang)
    return code


def pointed(error: click.ClickException, lang: Lang) -> click.ClickException:
    """Wrong usage with the punctuation of the run's language; other errors are sentences of ours."""
    if lang == "en" or not isinstance(error, click.UsageError):
        return error
    return click.UsageError(sentence(error.format_message()), error.ctx)


def call(cli: Cli, args: list[str]) -> int:
    """Parse the line and call the command. Click's own ``main`` would choose other exit codes."""
    if f"_{PROG.upper()}_COMPLETE" in os.environ:
        cli.main(args, PROG)
    try:
        with cli.make_context(PROG, args) as context:
            cli.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    return 0


def unexpected(error: Exception, lang: Lang) -> int:
    """Report what nobody foresaw in one line; the traceback is for those who ask for it."""
    if os.environ.get("FAKEPROVIDERS_DEBUG"):
        raise error
    words = Words(
        zh="意外错误（设 FAKEPROVIDERS_DEBUG=1 可看调用栈）",
        en="Unexpected error (FAKEPROVIDERS_DEBUG=1 shows the traceback)",
    )
    click.echo(f"{words[lang]}{COLON[lang]}{type(error).__name__}: {error}", err=True)
    return 2


def told(error: OSError) -> Words:
    """What went wrong with a file or the terminal, with its name where there is one."""
    reason = why(error)
    if not error.filename:
        return reason
    return Words(zh=f"{error.filename}：{reason.zh}", en=f"{error.filename}: {reason.en}")


def flush() -> None:
    """Write out what is buffered, while a failure can still be reported."""
    if sys.stdout is not None:
        sys.stdout.flush()


def settle(stream: TextIO | None) -> None:
    """Empty a stream before the interpreter does: it would complain about a reader that left."""
    try:
        if stream is not None:
            stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno() if stream else 1)


def main() -> NoReturn:
    """Run the command line of the process."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no Chinese
    code = run(sys.argv[1:])
    settle(sys.stdout)
    settle(sys.stderr)
    sys.exit(code)
