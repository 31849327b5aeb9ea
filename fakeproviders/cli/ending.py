"""How a request of the journal ended, in words."""

from fakeproviders.cli.lang import Lang
from fakeproviders.cli.show import Entry
from fakeproviders.cli.spell import spelt
from fakeproviders.failures import Words
from fakeproviders.model import OWN_CALLS

OUTCOMES = {
    "accepted": Words(zh="受理", en="accepted"),
    "refused": Words(zh="拒绝", en="refused"),
    "fault": Words(zh="故障", en="fault"),
    "page": Words(zh="页面", en="page"),
}
TAKEN = Words(zh="已接收", en="accepted")
NOT_TAKEN = Words(zh="未接收（{status}）", en="not accepted ({status})")
NO_ANSWER = Words(zh="无应答", en="no answer")


def ended(entry: Entry, lang: Lang) -> str:
    """How the request ended, and for what reason or by what fault."""
    word = str(entry.get("outcome", ""))
    if is_receipt(entry) and word in ("accepted", "refused"):
        return receipt_ended(entry, lang)
    said = OUTCOMES[word][lang] if word in OUTCOMES else word
    fault = entry.get("fault")
    cause = fault_name(fault) if word == "fault" and fault else entry.get("reason")
    return f"{said} {cause}" if cause else said


def is_receipt(entry: Entry) -> bool:
    """Whether it is a call of ours: the other side answers, and may not."""
    return entry.get("operation") in OWN_CALLS


def receipt_ended(entry: Entry, lang: Lang) -> str:
    """What came of an attempt to bring a receipt or a reply."""
    status = entry.get("status")
    if status is None:
        return NO_ANSWER[lang]
    words = TAKEN if entry.get("outcome") == "accepted" else NOT_TAKEN
    return words[lang].format(status=status)


def fault_name(fault: object) -> str:
    """The fault's name, in whichever of its forms the server gives it."""
    if isinstance(fault, dict):
        return spelt(fault.get("do"))
    return str(fault)
