"""One scenario in full: what goes wrong, what is seen of it, what mends it."""

import re
from collections.abc import Iterator, Sequence

from rich.console import Group
from rich.text import Text

from fakeproviders.cli.formatter import wrap
from fakeproviders.cli.lang import Lang
from fakeproviders.cli.show import console, visible
from fakeproviders.failures import Words, catalogue
from fakeproviders.punctuation import COLON, COMMA
from fakeproviders.scenario.load import File
from fakeproviders.scenario.model import Expect, Scenario, Step
from fakeproviders.scenario.report.text import section_words
from fakeproviders.scenario.steps import step_words

MARK = re.compile(r"( *(?:\d+\.|→) |)(.*)", re.DOTALL)
"""A step's number, or the arrow before what is seen of it."""
SEED = Words(zh="种子", en="seed")


def story(file: File[Scenario], lang: Lang) -> Group:
    """Head, what it is about, steps, remedy."""
    scenario = file.value
    title = Words(zh=scenario.title.zh, en=scenario.title.en)
    parts = [Text(f"{file.name}  ", "bold").append(visible(title[lang]), "bold cyan")]
    for label, lines in paragraphs(scenario, lang):
        parts.append(Text(f"\n{label[lang]}", "dim"))
        parts += [Text(shown) for line in lines for shown in folded(visible(line), console().width)]
    return Group(*parts)


def folded(line: str, width: int) -> Iterator[str]:
    """A line two columns in; what follows a number or an arrow stays to the right of it."""
    mark, text = MARK.fullmatch(line).groups()  # type: ignore[union-attr] # it always matches
    for number, part in enumerate(wrap(text, width - len(mark) - 2)):
        yield f"  {'' if number else mark:{len(mark)}}{part}"


def paragraphs(scenario: Scenario, lang: Lang) -> Iterator[tuple[Words, list[str]]]:
    """What there is to say, each with its label."""
    if scenario.about is not None:
        yield (
            Words(zh="说明", en="About"),
            [Words(zh=scenario.about.zh, en=scenario.about.en)[lang]],
        )
    if scenario.section:
        yield Words(zh="指南章节", en="Guide section"), [section_words(scenario.section)[lang]]
    if scenario.failure:
        entry = catalogue()[scenario.failure]
        yield Words(zh="故障", en="Failure"), [f"{entry.slug}{COLON[lang]}{entry.title[lang]}"]
        yield Words(zh="原因", en="Cause"), [entry.cause[lang]]
    yield Words(zh="标签", en="Tags"), [", ".join(scenario.tags) or "-"]
    yield (
        Words(zh="目标", en="Target"),
        [f"{scenario.target}{COMMA[lang]}{SEED[lang]} {scenario.seed}"],
    )
    yield Words(zh="步骤", en="Steps"), list(steps(scenario.steps, lang))
    if scenario.remedy:
        yield Words(zh="处理方法", en="Remedy"), list(steps(scenario.remedy, lang))


def steps(of_phase: Sequence[Step], lang: Lang) -> Iterator[str]:
    """Steps, numbered, and below each what the user must be told."""
    for number, step in enumerate(of_phase, 1):
        yield f"{number}. {step_words(step)[lang]}"
        told = user_words(step.expect)
        if told is not None:
            yield f"   → {told[lang]}"


def user_words(expect: Expect) -> Words | None:
    """What the user must be told, in a line."""
    user = expect.user
    if user is None:
        return None
    if user.sees is not None:
        return Words(zh=f"用户看到：{user.sees}", en=f"the user sees: {user.sees}")
    if user.failure is not None:
        return Words(zh=f"失败：{user.failure}", en=f"it fails: {user.failure}")
    if user.succeeds is not None:
        done = Words(zh="成功", en="it succeeds")
        return done if user.succeeds else Words(zh="不成功", en="it does not succeed")
    return None
