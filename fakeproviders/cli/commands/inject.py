"""``inject``: put fault rules in force on a running server, list them, take them away."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import click

from fakeproviders.cli import rule as rules
from fakeproviders.cli.api import Api
from fakeproviders.cli.base import Decorator, client_options, command, together
from fakeproviders.cli.lang import Lang
from fakeproviders.cli.params import fraction, whole
from fakeproviders.cli.spell import conditions, does
from fakeproviders.failures import Words
from fakeproviders.model import OPERATIONS

ALL = "\0all"
"""What ``--clear`` stands for without an id."""
DOES = Words(
    zh="在运行中的服务上添加、列出或清除故障规则。",
    en="Add, list or clear fault rules on a running server.",
)
MORE = Words(
    zh="RULE 可以是：服务商（official、reseller、erban、upstream 或 any）加故障代号，"
    "代号后可跟 键=值 设置；多个故障依次写出；或一个 JSON 规则对象。"
    "故障代号见 fakeproviders failures。\n\n"
    "匹配值：138* 表示开头，*00 表示结尾，/正则/，其他为完全相等。",
    en="RULE is a provider (official, reseller, erban, upstream or any) and a failure's name, "
    "which key=value settings may follow; several failures happen together. Or it is a rule "
    "as a JSON object. fakeproviders failures lists the names.\n\n"
    "Match values: 138* a beginning, *00 an end, /regex/, anything else exactly.",
)
EXAMPLES = (
    "fakeproviders inject official signature_mismatch --times 2 --mobile 138",
    "fakeproviders inject erban delay ms=800 jitter_ms=200 --probability 0.3",
    'fakeproviders inject reseller --script "rate_limited x2, ok, reply_lost"',
    """fakeproviders inject '{"provider": "erban", "do": {"status": {"status": 502}}}'""",
    "fakeproviders inject --list",
    "fakeproviders inject --clear f1",
)
OPERATION = Words(
    zh=f"只作用于此操作：{'、'.join(OPERATIONS)}。",
    en=f"Only on this operation: {', '.join(OPERATIONS)}.",
)
MOBILE = Words(
    zh="只作用于此手机号；写开头几位即可。", en="Only for this mobile; its beginning will do."
)
MATCH = Words(
    zh="只作用于字段符合的请求；可重复，须全部符合。",
    en="Only on calls whose field fits; repeat it, all must fit.",
)
SCRIPT = Words(
    zh='逐次发生的步骤，如 "fail x2, ok, reply_lost"。',
    en='What happens call by call, as "fail x2, ok, reply_lost".',
)
TIMES = Words(zh="最多触发 N 次。", en="Act N times at most.")
AFTER = Words(zh="先放过 N 次。", en="Let N calls pass first.")
EVERY = Words(zh="每 N 次触发一次。", en="Act on every N-th call.")
SINCE = Words(
    zh="从会话时钟的这个时间起生效：RFC 3339，或 +30s、+5m、+2h。",
    en="From this moment of the session's clock on: RFC 3339, or +30s, +5m, +2h.",
)
UNTIL = Words(
    zh="到会话时钟的这个时间为止，写法同上。",
    en="Until this moment of the session's clock, written in the same way.",
)
PROBABILITY = Words(zh="触发概率，0 到 1。", en="Act with this probability, 0 to 1.")
LIST = Words(
    zh="列出规则及匹配、触发次数。", en="List the rules, how often each matched and fired."
)
CLEAR = Words(zh="清除全部规则，或只清除一条。", en="Take away all rules, or one.")


def rule_options(lang: Lang) -> Decorator:
    """What narrows a rule in the short form."""
    count = whole(lang, 1)
    operations = click.Choice((*OPERATIONS, "*"))
    return together(
        click.option("--operation", type=operations, metavar="NAME", help=OPERATION[lang]),
        click.option("--mobile", metavar="MOBILE", help=MOBILE[lang]),
        click.option("--match", "matches", multiple=True, metavar="FIELD=VALUE", help=MATCH[lang]),
        click.option("--script", metavar="STEPS", help=SCRIPT[lang]),
        click.option("--times", type=count, metavar="N", help=TIMES[lang]),
        click.option("--after", type=whole(lang, 0), metavar="N", help=AFTER[lang]),
        click.option("--every", type=count, metavar="N", help=EVERY[lang]),
        click.option("--since", metavar="TIME", help=SINCE[lang]),
        click.option("--until", metavar="TIME", help=UNTIL[lang]),
        click.option("--probability", type=fraction(lang), metavar="P", help=PROBABILITY[lang]),
    )


def build(lang: Lang) -> click.Command:
    """The command in one language."""

    @command(lang, "inject", does=DOES, more=MORE, examples=EXAMPLES)
    @click.argument("words", nargs=-1, metavar="[RULE]...")
    @rule_options(lang)
    @click.option("--list", "listing", is_flag=True, help=LIST[lang])
    @click.option("--clear", is_flag=False, flag_value=ALL, metavar="[ID]", help=CLEAR[lang])
    @client_options(lang)
    @click.pass_context
    def inject(
        ctx: click.Context, /, words: tuple[str, ...], *, listing: bool, clear: str | None,
        matches: tuple[str, ...], mobile: str | None, control: str, session: str,
        token: str | None, as_json: bool, **settings: object,
    ) -> None:  # fmt: skip
        given = {name: value for name, value in settings.items() if value is not None}
        if matches or mobile is not None:
            given["match"] = rules.match(matches, mobile, lang)
        check_one(ctx, lang, adds=bool(words or given), listing=listing, clears=clear is not None)
        check_words(ctx, lang, words, given)
        added = rules.parse(words, given, lang) if words else []
        api = Api(control, session, token, lang)
        if clear is not None:
            remove(api, clear, as_json=as_json)
        elif listing:
            show_rules(api.get("/faults").get("faults", []), lang, as_json=as_json)
        else:
            show_rules([api.post("/faults", one) for one in added], lang, as_json=as_json)

    return inject


def check_one(ctx: click.Context, lang: Lang, *, adds: bool, listing: bool, clears: bool) -> None:
    """One thing at a time: a rule, ``--list`` or ``--clear``. Raises UsageError."""
    if adds + listing + clears != 1:
        said = Words(
            zh="请给出一条规则、--list 或 --clear，三者取一。",
            en="Give a rule, --list or --clear, one of the three.",
        )
        ctx.fail(said[lang])


def check_words(
    ctx: click.Context, lang: Lang, words: tuple[str, ...], given: Mapping[str, object]
) -> None:
    """Options narrow a rule, alone they are none; and a rule in JSON stands alone. Raises UsageError."""
    in_json = [word.lstrip().startswith("{") for word in words]
    if any(in_json) and not all(in_json):
        said = Words(
            zh="JSON 规则要单独写：服务商写在它的 provider 里，前后不能再有别的词；"
            "整个规则用单引号括起来。",
            en="A rule in JSON stands alone: its provider is in it, and no other word goes with it. "
            "Quote the whole of it with single quotes.",
        )
        ctx.fail(said[lang])
    if given and not words:
        said = Words(
            zh="缺少规则：先写服务商，例如 official。",
            en="The rule is missing: begin with a provider, say official.",
        )
        ctx.fail(said[lang])


def remove(api: Api, rule_id: str, *, as_json: bool) -> None:
    """Take one rule or all of them out of force."""
    from fakeproviders.cli.show import json_line

    every = rule_id == ALL
    api.delete("/faults" if every else f"/faults/{quote(rule_id, safe='')}")
    if as_json:
        json_line({"cleared": "all" if every else rule_id})
    else:
        whole = Words(zh="已清除全部规则。", en="All rules cleared.")
        one = Words(zh=f"已清除规则 {rule_id}。", en=f"Rule {rule_id} cleared.")
        click.echo((whole if every else one)[api.lang])


def show_rules(found: Sequence[Mapping[str, Any]], lang: Lang, *, as_json: bool) -> None:
    """The rules with their counters, in the order in which they are tried."""
    from fakeproviders.cli.show import cell, folding, json_line, render, table

    if as_json:
        json_line({"faults": list(found)})
        return
    if not found:
        click.echo(Words(zh="没有故障规则。", en="No fault rules.")[lang])
        return
    made = table(
        "id",
        Words(zh="服务商", en="provider")[lang],
        folding(Words(zh="故障", en="does")[lang], least=16),
        folding(Words(zh="条件", en="when")[lang], least=16),
        Words(zh="匹配", en="matched")[lang],
        Words(zh="触发", en="fired")[lang],
    )
    for one in found:
        row = (one.get("id"), one.get("provider"), does(one), conditions(one, lang))
        made.add_row(*map(cell, (*row, one.get("matched", 0), one.get("fired", 0))))
    render(made)
