"""One request of the journal in full: what came, what went, and the decisions in between."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from fakeproviders.cli.ending import NO_ANSWER, is_receipt
from fakeproviders.cli.lang import Lang
from fakeproviders.cli.show import Entry, visible
from fakeproviders.failures import Words
from fakeproviders.punctuation import COLON

LABELS = {
    "at": Words(zh="时间", en="Time"),
    "provider": Words(zh="服务商", en="Provider"),
    "operation": Words(zh="操作", en="Operation"),
    "door": Words(zh="入口", en="Door"),
    "account": Words(zh="账号", en="Account"),
    "mobile": Words(zh="手机号", en="Mobile"),
    "hint": Words(zh="提示", en="Hint"),
}


def exchange(entry: Entry, ended: str, lang: Lang) -> Text:
    """Head, decisions, request, reply - in the order in which one asks for them."""
    text = Text()
    text.append(f"{visible(entry.get('id'))}  ", "bold").append(f"{visible(ended)}\n", "bold cyan")
    for name, label in LABELS.items():
        if entry.get(name):
            text.append(f"{label[lang]}{COLON[lang]}", "dim").append(f"{visible(entry[name])}\n")
    decisions(text, entry.get("trace") or (), lang)
    heading(text, Words(zh="请求", en="Request"), lang)
    asked = entry.get("request") or {}
    text.append(f"{visible(asked.get('method'))} {visible(asked.get('path'))}\n", "bold")
    message(text, asked, lang)
    heading(text, Words(zh="响应", en="Reply"), lang)
    reply(text, entry.get("reply"), missing(entry), lang)
    text.rstrip()
    return text


def heading(text: Text, words: Words, lang: Lang) -> None:
    """The title of a part."""
    text.append(f"\n{words[lang]}\n", "bold underline")


def decisions(text: Text, trace: Sequence[Mapping[str, Any]], lang: Lang) -> None:
    """The decision trace as a checklist: which rule passed, which did not, and why."""
    if not trace:
        return
    heading(text, Words(zh="判定过程", en="Decisions"), lang)
    for step in trace:
        passed = bool(step.get("passed"))
        text.append("✓ " if passed else "✗ ", "green" if passed else "red")
        text.append(visible(step.get("rule")), "bold")
        words = visible(step.get(lang)).replace("\n", "\n    ")
        text.append(f"  {words}\n" if words else "\n")


def message(text: Text, part: Mapping[str, Any], lang: Lang) -> None:
    """Headers and body of a request or reply."""
    for name, value in part.get("headers") or ():
        text.append(f"{visible(name)}: ", "dim").append(f"{visible(value)}\n")
    body = part.get("body")
    text.append(
        f"\n{visible(body)}\n" if body else Words(zh="（无正文）\n", en="(no body)\n")[lang]
    )


def missing(entry: Entry) -> Words:
    """What to say when there is no reply: ours was not sent, or theirs did not come."""
    if is_receipt(entry):
        return Words(zh=f"（{NO_ANSWER.zh}）", en=f"({NO_ANSWER.en})")
    return Words(zh="（没有发出响应）", en="(no reply was sent)")


def reply(text: Text, part: Mapping[str, Any] | None, without: Words, lang: Lang) -> None:
    """The reply; without one the connection ended before it."""
    if not part or part.get("status") is None:
        text.append(f"{without[lang]}\n")
        return
    text.append(f"HTTP {visible(part['status'])}\n", "bold")
    message(text, part, lang)
