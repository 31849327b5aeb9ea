"""What a method returns, the same at every door: a text, or a number as text.

0,短信发送成功             a send
0                          a send, or a reply marked read, where the method returns an int
<code>,<text>, or <code>   a refusal
0,短信发送成功             a batch: one such line for each of its lines
-6,...
1000000000                 a balance
<id>,<mobile>,<content>,<time>    replies, a line each, oldest first; ``time`` is Beijing time (A)

Everything else (a random text, channels, blocked words) is text or texts joined by commas.
"""

from collections.abc import Sequence
from typing import Any

from fakeproviders.clock import beijing_text
from fakeproviders.model import (
    PAGES,
    REPLIES,
    Accepted,
    BatchSent,
    Outcome,
    Refused,
    Reply,
    Sent,
    TokenIssued,
)
from fakeproviders.providers.erban import codes
from fakeproviders.providers.erban.calls import LINE_END, ErbanCall
from fakeproviders.providers.erban.methods import METHODS

SENT = "0,短信发送成功"
DONE = "0"


def returned(call: ErbanCall, outcome: Outcome) -> str:
    """What the called method returns for an outcome; of failures, for those that have a number."""
    numeric = returns_number(call)
    if isinstance(outcome, Refused):
        return _refusal(outcome, numeric=numeric)
    return DONE if numeric else _result(call, outcome.result)


def returns_number(call: ErbanCall) -> bool:
    """Whether a method was called, and it is one that returns an int."""
    method = METHODS.get(call.method)
    return method is not None and call.operation not in PAGES and method.result.type == "int"


def _refusal(refused: Refused, *, numeric: bool = False) -> str:
    code = codes.CODES[refused.reason]
    if numeric:
        return str(code.number)
    return code.wire_text(refused.text or codes.text_of(refused.reason))


def _result(call: ErbanCall, result: Any) -> str:
    match result:
        case Sent():
            return SENT
        case BatchSent(results=results):
            return "\n".join(_judged(outcome) for _, outcome in results)
        case TokenIssued(token=random):
            return random
    if call.operation == REPLIES:
        return _replies(result)
    return ",".join(result) if isinstance(result, list) else str(result)


def _judged(outcome: Outcome) -> str:
    """One line of a batch's answer."""
    return SENT if isinstance(outcome, Accepted) else _refusal(outcome)


def _replies(replies: Sequence[Reply]) -> str:
    return "\n".join(
        f"{each.id},{each.mobile},{_on_one_line(each.content)},{beijing_text(each.at)}"
        for each in replies
    )


def _on_one_line(content: str) -> str:
    """A reply's line ends become spaces: a line is a reply (A)."""
    return LINE_END.sub(" ", content)
