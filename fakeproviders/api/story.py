"""What the providers received and why they refused it, as lines for people."""

from collections.abc import Iterable, Iterator

from fakeproviders.api.answers import Exchange, Fault
from fakeproviders.failures import Words

_NOTHING = Words(zh="服务商没有收到任何请求。", en="The providers received nothing.")
_EARLIER = Words(
    zh="（更早的请求从略；最近 {shown} 个：）", en="(earlier ones left out; the newest {shown}:)"
)
_REPLIED = Words(zh="响应 {status}：{body}", en="replied {status}: {body}")
_UNANSWERED = Words(zh="没有响应", en="no reply was written")
_UNFIRED = Words(
    zh="故障规则 {rule} 从未触发，或脚本未走完（匹配 {matched} 次，触发 {fired} 次）",
    en="fault rule {rule} never fired, or its script has steps left "
    "(it matched {matched} and fired {fired} times)",
)
_MESSAGE = Words(zh="短信", en="message")
_CODE = Words(zh="带验证码的短信", en="message with a code")
_LETTERS = {None: "通知", "mail": "邮件", "site": "站内信", "wechat": "微信通知"}
"""The kinds in Chinese."""
TOLD = 20
"""Requests of which a story tells, at most."""
_BODY_SHOWN = 200
"""Characters of a reply's body."""


def story(exchanges: Iterable[Exchange], lang: str, *, evicted: bool = False) -> str:
    """A line a request in the order they came; what went wrong with it below. ``evicted``: there were more."""
    told = list(exchanges)
    if not told:
        return _NOTHING[lang]
    lines = [line for exchange in told for line in _lines(exchange, lang)]
    if evicted:
        lines.insert(0, _EARLIER[lang].format(shown=len(told)))
    return "\n".join(lines)


def unfired(fault: Fault, lang: str) -> str:
    """A fault rule of which a test has not seen all, on one line."""
    what = fault.script if fault.script is not None else fault.do
    words = _UNFIRED[lang].format(
        rule=f"{fault.id} ({fault.provider}: {what})", matched=fault.matched, fired=fault.fired
    )
    return str(words)


def no_message(mobile: str | None, within: float, lang: str, *, with_code: bool) -> str:
    """That no message came to a mobile, or to anybody, in so many seconds."""
    kind = _CODE if with_code else _MESSAGE
    words = Words(
        zh=f"{within:g} 秒内没有发给{_to(mobile, '任何号码')}的{kind.zh}",
        en=f"no {kind.en} for {mobile or 'anybody'} within {within:g} s",
    )
    return words[lang]


def no_letter(recipient: str | None, kind: str | None, within: float, lang: str) -> str:
    """That no letter of a kind came to a recipient, or to anybody, in so many seconds."""
    words = Words(
        zh=f"{within:g} 秒内没有发给{_to(recipient, '任何人')}的{_LETTERS[kind]}",
        en=f"no {kind or 'letter'} for {recipient or 'anybody'} within {within:g} s",
    )
    return words[lang]


def _to(whom: str | None, anybody: str) -> str:
    return anybody if whom is None else f" {whom} "


def _lines(exchange: Exchange, lang: str) -> Iterator[str]:
    parts = (exchange.id, exchange.provider, exchange.operation, exchange.mobile)
    ended = (exchange.outcome, exchange.reason)
    yield "  ".join(filter(None, (*parts, " ".join(filter(None, ended)))))
    for step in exchange.trace:
        if not step.passed or step.rule == "fault":
            yield f"    {'✓' if step.passed else '✗'} {step.rule}: {step.zh if lang == 'zh' else step.en}"
    if exchange.outcome not in {"accepted", "page"}:
        yield f"    {_reply(exchange, lang)}"


def _reply(exchange: Exchange, lang: str) -> str:
    if exchange.reply is None:
        return _UNANSWERED[lang]
    body = " ".join(exchange.reply.body.split())[:_BODY_SHOWN]
    return _REPLIED[lang].format(status=exchange.status, body=body)
