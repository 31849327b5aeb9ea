"""One-line sequences: ``fail, fail, rate_limited x2, ok``, a step for each matching call."""

import re

from fakeproviders.failures import Reason, Words
from fakeproviders.faults.base import NO_FAULT, Fault
from fakeproviders.faults.registry import BadRule, parse_do

MAX_STEPS = 100_000
_STEP = re.compile(r"(?P<name>[a-z_]+)(?:\s*[x*×]\s*(?P<times>\d{1,6}))?\Z", re.ASCII)


def parse_script(script: str) -> tuple[Fault, ...]:
    """The steps of a sequence. Raises BadRule."""
    steps: list[Fault] = []
    for number, part in enumerate(script.split(","), 1):
        found = _STEP.match(part.strip())
        if not found or not int(found["times"] or 1):
            words = Words(
                zh=f"第 {number} 步 {part.strip()!r} 不是“名称”或“名称 x次数”",
                en=f"step {number}, {part.strip()!r}, is not a name or name xN",
            )
            raise BadRule("script", words)
        steps.extend([_step(found["name"])] * int(found["times"] or 1))
        if len(steps) > MAX_STEPS:
            words = Words(zh=f"超过 {MAX_STEPS} 步", en=f"more than {MAX_STEPS} steps")
            raise BadRule("script", words)
    return tuple(steps)


def _step(name: str) -> Fault:
    if name == "ok":
        return NO_FAULT
    return parse_do(Reason.INTERNAL_ERROR.value if name == "fail" else name, "script")
