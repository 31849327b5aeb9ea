"""Lists of a session, once as a table or followed line by line: what inbox and journal share."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import click
from rich.table import Table

from fakeproviders.cli.api import Api
from fakeproviders.cli.base import PROVIDERS, Decorator, together
from fakeproviders.cli.follow import Tell, follow
from fakeproviders.cli.lang import Lang
from fakeproviders.cli.params import whole
from fakeproviders.cli.show import Entry, in_json, json_line, notice, render
from fakeproviders.failures import Words

FOLLOW = Words(
    zh="先显示已有的，再持续显示新的；Ctrl-C 结束。",
    en="Show what is there, then what comes; Ctrl-C ends it.",
)
PROVIDER = Words(
    zh=f"只看此服务商的：{'、'.join(PROVIDERS)}。",
    en=f"Only this provider's: {', '.join(PROVIDERS)}.",
)
LIMIT = Words(zh="最多显示最近 N 条。", en="Show the latest N at most.")


def list_options(lang: Lang) -> Decorator:
    """``--follow``, ``--provider``, ``--limit``."""
    return together(
        click.option("-f", "--follow", "follows", is_flag=True, help=FOLLOW[lang]),
        click.option(
            "--provider", type=click.Choice(PROVIDERS), metavar="NAME", help=PROVIDER[lang]
        ),
        click.option(
            "--limit",
            type=whole(lang, 1, 10_000),
            default=20,
            show_default=True,
            metavar="N",
            help=LIMIT[lang],
        ),
    )


def until_stopped(lines: Iterator[str]) -> None:
    """Show lines as they come, until Ctrl-C."""
    try:
        for line in lines:
            click.echo(line)
    except KeyboardInterrupt:
        pass  # the usual end, and a good one


class Listing:
    """How one kind of entry is shown. ``key`` is its name in the reply, ``path`` its address."""

    def __init__(
        self,
        key: str,
        *,
        none: Words,
        line: Callable[[Entry, Lang], str],
        table: Callable[[Sequence[Entry], Lang], Table],
    ) -> None:
        self.key = key
        self.none = none
        self.line = line
        self.table = table

    def once(self, api: Api, *, as_json: bool, **query: object) -> None:
        """What is there now."""
        page = api.get(f"/{self.key}", query)
        if as_json:
            json_line(page)
            return
        entries = page.get(self.key, [])
        if entries:
            render(self.table(entries, api.lang))
        else:
            click.echo(self.none[api.lang])
        self.mention(page.get("evicted"), api.lang)

    def follow(self, api: Api, *, as_json: bool, **query: object) -> None:
        """What is there, and then what comes, until Ctrl-C."""
        until_stopped(self.lines(api, query, as_json=as_json))

    def lines(
        self, api: Api, query: Mapping[str, object], *, as_json: bool, tell: Tell = notice
    ) -> Iterator[str]:
        """A line an entry; raises and goes on as ``follow`` does."""
        entries = follow(api, f"/{self.key}", self.key, query, tell)
        return (in_json(entry) if as_json else self.line(entry, api.lang) for entry in entries)

    def mention(self, evicted: object, lang: Lang) -> None:
        """Say so when the list is not whole."""
        if evicted:
            said = Words(
                zh=f"另有 {evicted} 条较早的记录因容量所限已被清除。",
                en=f"{evicted} older entries were evicted to stay within bounds.",
            )
            notice(said[lang])
