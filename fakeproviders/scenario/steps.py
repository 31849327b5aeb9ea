"""One step: filled in, done, and put in words."""

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec

from fakeproviders.failures import Words
from fakeproviders.scenario.actions import ACTIONS
from fakeproviders.scenario.model import ClockMove, Setup, Step
from fakeproviders.scenario.results import Seen, sayable
from fakeproviders.scenario.targets.base import Driven
from fakeproviders.scenario.variables import filled
from fakeproviders.scenario.world import World

Values = dict[str, Any]


class NothingThere(Exception):
    """A step is about something that has not happened."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def filled_step(step: Step, names: Mapping[str, Any]) -> Step:
    """A step without templates. Raises BadTemplate, and msgspec.ValidationError where one gave a wrong type."""
    return msgspec.convert(filled(msgspec.to_builtins(step), names), Step)


def filled_setup(setup: Setup, names: Mapping[str, Any]) -> Setup:
    """A state of the world without templates; raises as ``filled_step`` does."""
    return msgspec.convert(filled(msgspec.to_builtins(setup), names), Setup)


async def done(step: Step, world: World, driven: Driven) -> list[Seen]:
    """Do a step; what the user saw, each time. Raises what world and target do."""
    if step.do is not None:
        return await _acted(step, step.do, driven)
    if step.clock is not None:
        await world.advance(step.clock.advance, step.clock.to)
    for role, settings in (step.providers or {}).items():
        await world.patch(role, settings)
    for rule in step.faults or ():
        await world.add_fault(rule)
    if step.clear_faults:
        await world.clear_faults()
    if step.deliver is not None:
        given = step.deliver
        if not await world.deliver(given.mobile, given.status, given.error):
            raise NothingThere(
                Words(
                    zh=f"收件箱里没有发给 {given.mobile} 的短信",
                    en=f"the inbox has no message to {given.mobile}",
                )
            )
    if step.reply is not None:
        await world.answer(step.reply.mobile, step.reply.content)
    return []


def step_words(step: Step) -> Words:
    """What a step is: its note, or what it does and with what."""
    if step.note is not None:
        return Words(zh=step.note.zh, en=step.note.en)
    what, detail = _what(step)
    times = "" if step.times == 1 else f" ×{step.times}"
    return Words(
        zh=f"{what.zh}{f'（{detail}）' if detail else ''}{times}",
        en=f"{what.en}{f' ({detail})' if detail else ''}{times}",
    )


async def _acted(step: Step, action: str, driven: Driven) -> list[Seen]:
    if step.together:
        answers = await _at_once(driven, action, step)
    else:
        answers = [await driven.act(action, step.parameters) for _ in range(step.times)]
    return [sayable(answer) for answer in answers]


async def _at_once(driven: Driven, action: str, step: Step) -> list[Seen]:
    """All answers. What went wrong first is raised when all have ended: none goes on into the next step."""
    acts = (driven.act(action, step.parameters) for _ in range(step.times))
    answers = await asyncio.gather(*acts, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return [answer for answer in answers if isinstance(answer, Seen)]


def _what(step: Step) -> tuple[Words, str]:
    if step.do is not None:
        return ACTIONS[step.do].words, ", ".join(_spelt(step.parameters))
    if step.clock is not None:
        return Words(zh="拨快时钟", en="Move the clock on"), _move(step.clock)
    if step.providers is not None:
        what = Words(zh="服务商修改设置", en="The provider changes settings")
        return what, ", ".join(_spelt(step.providers))
    if step.faults is not None:
        rules = "; ".join(rule_words(rule) for rule in step.faults)
        return Words(zh="故障开始", en="A fault begins"), rules
    if step.deliver is not None:
        what = Words(zh="运营商回报短信状态", en="The network reports on the message")
        return what, f"{step.deliver.mobile}, {step.deliver.status}"
    if step.reply is not None:
        return Words(zh="用户回复短信", en="The person answers"), step.reply.mobile
    return Words(zh="故障全部结束", en="All faults end"), ""


def rule_words(rule: Mapping[str, Any]) -> str:
    """A fault rule on a line."""
    what = rule.get("do", rule.get("script"))
    shown = what if isinstance(what, str) else msgspec.json.encode(what).decode()
    parts = (rule.get("provider"), rule.get("operation"), shown)
    return " ".join(str(part) for part in parts if part)


def _move(move: ClockMove) -> str:
    return str(move.to if move.to is not None else move.advance)


def _spelt(values: Mapping[Any, Any], above: str = "") -> list[str]:
    """Values on a line: texts as they are, objects by their paths."""
    spelt = []
    for name, value in values.items():
        if isinstance(value, Mapping):
            spelt += _spelt(value, f"{above}{name}.")
        elif not above and isinstance(value, str):
            spelt.append(value)
        else:
            shown = value if isinstance(value, str) else msgspec.json.encode(value).decode()
            spelt.append(f"{above}{name}={shown}")
    return spelt
