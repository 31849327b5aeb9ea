"""``inbox``: the SMS that a session's providers accepted, and the panel's other letters; once or as they come."""

from collections.abc import Mapping, Sequence

import click
from rich.table import Table

from fakeproviders.cli.api import Api
from fakeproviders.cli.base import client_options, command
from fakeproviders.cli.follow import together
from fakeproviders.cli.lang import Lang
from fakeproviders.cli.listing import Listing, list_options, until_stopped
from fakeproviders.cli.show import (
    Entry,
    aligned,
    cell,
    clock,
    folding,
    json_line,
    moments,
    render,
    styled,
    table,
    visible,
)
from fakeproviders.failures import Words

DOES = Words(
    zh="查看收件箱里的短信和验证码，以及后台面板发出的邮件、站内信、微信。",
    en="Show the messages and codes in the inbox, and the panel's mail, in-site and WeChat messages.",
)
EXAMPLES = (
    "fakeproviders inbox --mobile 13800138000",
    "fakeproviders inbox --follow",
    "fakeproviders inbox --limit 1 --json | jq -r '.messages[-1].code'",
)
MOBILE = Words(zh="只看此手机号的。", en="Only those to this mobile.")
NONE = Words(zh="收件箱是空的。", en="The inbox is empty.")
STATUSES = {
    "scheduled": Words(zh="待发送", en="scheduled"),
    "submitted": Words(zh="已提交", en="submitted"),
    "delivered": Words(zh="已送达", en="delivered"),
    "undelivered": Words(zh="未送达", en="undelivered"),
}

KINDS = {
    "mail": Words(zh="邮件", en="mail"),
    "site": Words(zh="站内信", en="in-site"),
    "wechat": Words(zh="微信", en="WeChat"),
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
        api = Api(control, session, token, lang)
        asked = {"provider": provider, "limit": limit, "mobile": mobile}
        if provider is not None:  # which letters do not have
            (MESSAGES.follow if follows else MESSAGES.once)(api, as_json=as_json, **asked)
            return
        letters = {"limit": limit, "recipient": mobile}
        if follows:
            follow_both(api, asked, letters, as_json=as_json)
        else:
            once_both(api, asked, letters, as_json=as_json)

    return inbox


def once_both(
    api: Api, messages: Mapping[str, object], letters: Mapping[str, object], *, as_json: bool
) -> None:
    """What is there now, SMS first; in JSON all in one document."""
    found = api.get(f"/{LETTERS.key}", letters)[LETTERS.key]
    if as_json:
        json_line({**api.get(f"/{MESSAGES.key}", messages), LETTERS.key: found})
        return
    MESSAGES.once(api, as_json=False, **messages)
    if found:
        click.echo()
        render(LETTERS.table(found, api.lang))


def follow_both(
    api: Api, messages: Mapping[str, object], letters: Mapping[str, object], *, as_json: bool
) -> None:
    """What is there, and then what comes, until Ctrl-C."""
    sms = MESSAGES.lines(api, messages, as_json=as_json)
    others = LETTERS.lines(api, letters, as_json=as_json, tell=lambda said: None)
    until_stopped(together(sms, others))


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


def letter_line(letter: Entry, lang: Lang) -> str:
    """One letter on one line, in the columns of the messages."""
    return aligned(
        (clock(letter.get("at")), 14),
        (kind(letter, lang), 8),
        (letter.get("recipient"), 11),
        (letter.get("code"), 6),
        ("", 9 if lang == "en" else 6),
        (letter.get("content"), 0),
    )


def letter_table(letters: Sequence[Entry], lang: Lang) -> Table:
    """Letters in a table; the content is never cut."""
    made = table(
        moments(Words(zh="时间", en="time")[lang]),
        Words(zh="渠道", en="by")[lang],
        folding(Words(zh="收件人", en="to")[lang]),
        Words(zh="验证码", en="code")[lang],
        folding(Words(zh="内容", en="content")[lang]),
    )
    for letter in letters:
        made.add_row(
            clock(letter.get("at")),
            kind(letter, lang),
            cell(letter.get("recipient")),
            cell(letter.get("code")),
            cell(letter.get("content")),
        )
    return made


def kind(letter: Entry, lang: Lang) -> str:
    """By which way it went."""
    word = str(letter.get("kind", ""))
    return KINDS[word][lang] if word in KINDS else visible(word)


MESSAGES = Listing("messages", none=NONE, line=message_line, table=message_table)
LETTERS = Listing("outbox", none=NONE, line=letter_line, table=letter_table)
