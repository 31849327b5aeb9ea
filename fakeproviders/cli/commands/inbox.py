"""``inbox``: the messages that a session's providers accepted, once or as they come."""

from collections.abc import Sequence

import click
from rich.table import Table

from fakeproviders.cli.api import Api
from fakeproviders.cli.base import client_options, command
from fakeproviders.cli.lang import Lang
from fakeproviders.cli.listing import Listing, list_options
from fakeproviders.cli.show import Entry, aligned, cell, clock, folding, moments, styled, table
from fakeproviders.failures import Words

DOES = Words(zh="查看收件箱里的短信和验证码。", en="Show the messages and codes in the inbox.")
EXAMPLES = (
    "fakeproviders inbox --mobile 13800138000",
    "fakeproviders inbox --follow",
    "fakeproviders inbox --limit 1 --json | jq -r '.messages[-1].code'",
)
MOBILE = Words(zh="只看此手机号的。", en="Only those to this mobile.")
NONE = Words(zh="收件箱是空的。", en="The inbox is empty.")
STATUSES = {
    "submitted": Words(zh="已提交", en="submitted"),
    "delivered": Words(zh="已送达", en="delivered"),
    "undelivered": Words(zh="未送达", en="undelivered"),
}


def build(lang: Lang) -> click.Command:
    """The command in one language."""

    @command(lang, "inbox", does=DOES, examples=EXAMPLES)
    @list_options(lang)
    @click.option("--mobile", metavar="MOBILE", help=MOBILE[lang])
    @client_options(lang)
    def inbox(
        *, follows: bool, provider: str | None, limit: int, mobile: str | None, session: str,
        control: str, token: str | None, as_json: bool,
    ) -> None:  # fmt: skip
        messages = Listing("messages", none=NONE, line=message_line, table=message_table)
        show = messages.follow if follows else messages.once
        api = Api(control, session, token, lang)
        show(api, as_json=as_json, provider=provider, limit=limit, mobile=mobile)

    return inbox


def status(message: Entry, lang: Lang) -> str:
    """The delivery status in words; a status that we do not know as it is."""
    word = str(message.get("status", ""))
    return STATUSES[word][lang] if word in STATUSES else word


def message_line(message: Entry, lang: Lang) -> str:
    """One message on one line."""
    return aligned(
        (clock(message.get("at")), 14),
        (message.get("provider"), 8),
        (message.get("mobile"), 11),
        (message.get("code"), 6),
        (status(message, lang), 9 if lang == "en" else 6),
        (message.get("content"), 0),
    )


def message_table(messages: Sequence[Entry], lang: Lang) -> Table:
    """Messages in a table; the content is never cut."""
    made = table(
        moments(Words(zh="时间", en="time")[lang]),
        Words(zh="服务商", en="provider")[lang],
        Words(zh="手机号", en="mobile")[lang],
        Words(zh="验证码", en="code")[lang],
        folding(Words(zh="内容", en="content")[lang]),
        Words(zh="状态", en="status")[lang],
    )
    for message in messages:
        made.add_row(
            clock(message.get("at")),
            cell(message.get("provider")),
            cell(message.get("mobile")),
            cell(message.get("code")),
            cell(message.get("content")),
            styled(status(message, lang), str(message.get("status"))),
        )
    return made
