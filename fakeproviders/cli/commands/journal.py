"""``journal``: the requests that a session's providers got, and why each ended as it did."""

from collections.abc import Sequence
from urllib.parse import quote

import click
from click.core import ParameterSource
from rich.table import Column, Table
from rich.text import Text

from fakeproviders.cli.api import Api
from fakeproviders.cli.base import client_options, command
from fakeproviders.cli.download import download
from fakeproviders.cli.ending import ended
from fakeproviders.cli.errors import CliError
from fakeproviders.cli.exchange import exchange
from fakeproviders.cli.lang import Lang
from fakeproviders.cli.listing import Listing, list_options
from fakeproviders.cli.show import (
    Entry,
    aligned,
    cell,
    clock,
    folding,
    is_narrow,
    json_line,
    moments,
    render,
    styled,
    table,
)
from fakeproviders.failures import Words

DOES = Words(
    zh="查看请求日志；给出 ID 则显示该请求的原文和判定过程，last 为最新的一个。",
    en="Show the requests; with an ID one of them, byte for byte, and why it ended so. "
    "The ID last is the newest.",
)
EXAMPLES = (
    "fakeproviders journal --provider official",
    "fakeproviders journal last",
    "fakeproviders journal r42",
    "fakeproviders journal --follow",
    "fakeproviders journal --format har --output run.har",
)
LAST = "last"
"""Stands for the newest request's id."""
NONE = Words(zh="还没有请求。", en="No requests yet.")
FORMAT = Words(
    zh="导出全部请求：har 可用浏览器打开，jsonl 每行一个。",
    en="Export all requests: har for browsers, jsonl one a line.",
)
OUTPUT = Words(zh="导出到此文件；默认写到标准输出。", en="Export to this file, not to stdout.")
FORMATS = ("har", "jsonl")
HEADINGS = {
    "id": Words(zh="ID", en="id"),
    "at": Words(zh="时间", en="time"),
    "provider": Words(zh="服务商", en="provider"),
    "operation": Words(zh="操作", en="operation"),
    "door": Words(zh="入口", en="door"),
    "account": Words(zh="账号", en="account"),
    "mobile": Words(zh="手机号", en="mobile"),
    "outcome": Words(zh="结果", en="outcome"),
    "status": Words(zh="状态码", en="status"),
    "took_ms": Words(zh="毫秒", en="ms"),
}
NARROW_COLUMNS = ("id", "at", "provider", "operation", "mobile", "outcome")


def build(lang: Lang) -> click.Command:
    """The command in one language."""

    @command(lang, "journal", does=DOES, examples=EXAMPLES)
    @click.argument("request_id", required=False, metavar="[ID]")
    @list_options(lang)
    @click.option("--format", "form", type=click.Choice(FORMATS), help=FORMAT[lang])
    @click.option("--output", metavar="FILE", help=OUTPUT[lang])
    @client_options(lang)
    @click.pass_context
    def journal(
        ctx: click.Context, /, request_id: str | None, *, follows: bool, provider: str | None, limit: int,
        form: str | None, output: str | None, session: str, control: str, token: str | None, as_json: bool,
    ) -> None:  # fmt: skip
        check_export(ctx, lang, form, output, listed=bool(request_id or follows or as_json))
        api = Api(control, session, token, lang)
        if form is not None:
            asked = ctx.get_parameter_source("limit") is not ParameterSource.DEFAULT
            query = {"format": form, "provider": provider, "limit": limit if asked else None}
            download(api, "/requests", query, output)
            return
        if request_id is not None:
            wanted = newest(api, provider) if request_id == LAST else request_id
            show_one(api, wanted, as_json=as_json)
            return
        requests = Listing("requests", none=NONE, line=request_line, table=request_table)
        show = requests.follow if follows else requests.once
        show(api, as_json=as_json, provider=provider, limit=limit)

    return journal


def check_export(
    ctx: click.Context, lang: Lang, form: str | None, output: str | None, *, listed: bool
) -> None:
    """``--format`` exports all at once, and ``--output`` is for exports. Raises UsageError."""
    if form is not None and listed:
        said = Words(
            zh="--format 不能与 ID、--follow、--json 同用。",
            en="--format goes without an ID, --follow and --json.",
        )
        ctx.fail(said[lang])
    if form is None and output is not None:
        said = Words(zh="--output 需要 --format。", en="--output needs --format.")
        ctx.fail(said[lang])


def newest(api: Api, provider: str | None) -> str:
    """The id of the newest request, or of a provider's newest. Raises CliError when there is none."""
    found = api.get("/requests", {"provider": provider, "limit": 1}).get("requests")
    if not found:
        raise CliError(NONE[api.lang])
    return str(found[-1]["id"])


def show_one(api: Api, request_id: str, *, as_json: bool) -> None:
    """One request in full."""
    entry = api.get(f"/requests/{quote(request_id, safe='')}")
    if as_json:
        json_line(entry)
    else:
        render(exchange(entry, ended(entry, api.lang), api.lang), whole_lines=True)


def request_line(entry: Entry, lang: Lang) -> str:
    """One request on one line."""
    return aligned(
        (clock(entry.get("at")), 14),
        (entry.get("id"), 6),
        (entry.get("provider"), 8),
        (entry.get("operation"), 7),
        (entry.get("mobile"), 11),
        (entry.get("status") or "-", 3),
        (f"{took(entry)} ms", 8),
        (ended(entry, lang), 0),
    )


def took(entry: Entry) -> str:
    """Milliseconds, as few digits as tell something."""
    spent = entry.get("took_ms")
    return f"{spent:.3g}" if isinstance(spent, (int, float)) else "-"


def request_table(entries: Sequence[Entry], lang: Lang) -> Table:
    """Requests in a table; a narrow terminal does without door, account, status and time taken."""
    names = NARROW_COLUMNS if is_narrow() else tuple(HEADINGS)
    made = table(*(column(name, HEADINGS[name][lang]) for name in names))
    for entry in entries:
        made.add_row(*(shown(name, entry, lang) for name in names))
    return made


def column(name: str, heading: str) -> str | Column:
    """How a column behaves when the table is too wide."""
    if name == "at":
        return moments(heading)
    return folding(heading, least=11) if name in {"mobile", "outcome", "account"} else heading


def shown(name: str, entry: Entry, lang: Lang) -> Text:
    """One value of a row."""
    if name == "at":
        return cell(clock(entry.get("at")))
    if name == "took_ms":
        return cell(took(entry))
    if name == "mobile":
        return cell(str(entry.get("mobile") or "").replace(",", ", "))
    if name == "outcome":
        return styled(ended(entry, lang), str(entry.get("outcome")))
    return cell(entry.get(name))
