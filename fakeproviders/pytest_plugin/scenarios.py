"""Scenario files as tests: one item a file, which passes, fails or is skipped as the scenario does.

    pytest scenarios/ -n 4 -m guide -k "signature and not token"

Each runs on the worker's servers, in a session of its own. Its tags are markers; ``-k`` finds it by its
name, its tags and the failure that it shows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from fakeproviders.api.thread import waited
from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.pytest_plugin import CHOSEN_TARGET, SEED, TARGET, lang_of, server_of
from fakeproviders.scenario.load import File, load
from fakeproviders.scenario.mistakes import START, BadFile
from fakeproviders.scenario.model import Scenario, Setup
from fakeproviders.scenario.report.text import failure_text
from fakeproviders.scenario.results import ScenarioResult, StepResult
from fakeproviders.scenario.run import run_scenario
from fakeproviders.scenario.targets.base import Target
from fakeproviders.scenario.targets.named import target_of

_REPEAT = Words(zh="重现：pytest {path} {options}", en="to repeat it: pytest {path} {options}")


def chosen_target(config: pytest.Config) -> Target:
    """Where the options want all scenarios to run. Raises UsageError."""
    lang = lang_of(config)
    try:
        return target_of(config.getoption(TARGET))
    except BadFile as error:
        raise pytest.UsageError(error.told(lang)) from None
    except Misfit as error:
        raise pytest.UsageError(f"--fakeproviders-target: {error.words[lang]}") from None


class ScenarioFile(pytest.File):
    """A ``*.scenario.yaml``."""

    def collect(self) -> "Iterator[ScenarioItem]":
        """Its test. Raises CollectError with all mistakes of the file, each with its place."""
        try:
            file = load(_shown(self.path))
        except BadFile as error:
            raise self.CollectError(error.told(lang_of(self.config))) from None
        yield ScenarioItem.from_parent(self, name=file.name, file=file)


class ScenarioItem(pytest.Item):
    """A scenario, to be run at its own target or at the one that the options choose."""

    def __init__(self, *, file: File[Scenario], **node: Any) -> None:
        super().__init__(**node)
        self._file = file
        self._target = self.config.stash.get(CHOSEN_TARGET, None) or target_of(file.value.target)
        self._lang = lang_of(self.config)
        self._mark()

    def runtest(self) -> None:
        """Run it. Fails with what was expected and found, and at which line."""
        link = server_of(self.config).link
        with _alone_at(self._target, self.config):
            running = run_scenario(
                self._file.value,
                name=self._file.name,
                control_url=link.client.url,
                token=link.client.token,
                target=self._target,
                seed=self.config.getoption(SEED),
                lang=self._lang,
            )
            result = waited(link.thread.submit(running))
        self.user_properties += [("seed", result.seed), ("target", result.target)]
        if result.outcome != "passed":
            pytest.fail(self._report(result), pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it is."""
        return self.path, 0, self.name

    def _mark(self) -> None:
        scenario = self._file.value
        self.extra_keyword_matches.update(scenario.tags, filter(None, [scenario.failure]))
        plain, acting = _markers(self.config)
        for tag in scenario.tags:
            if tag not in plain | acting:
                self.config.addinivalue_line("markers", f"{tag}: a tag of scenarios")
            if tag not in acting:
                self.add_marker(tag)
        missing = self._target.lacks(scenario)
        if missing is not None:
            self.add_marker(pytest.mark.skip(reason=missing[self._lang]))

    def _report(self, result: ScenarioResult) -> str:
        """What went wrong first, in which line; then the whole of it, and how to repeat it."""
        why = "" if result.reason is None else result.reason[self._lang]
        lines = [f"{self._file.path}:{self._line(result.failed_step)}: {why}"]
        if result.failed_step is not None:
            lines.append(failure_text(result, self._lang))
        return "\n".join([*lines, self._repeat(result)])

    def _line(self, step: StepResult | None) -> int:
        if step is None:
            return START.line
        if step.phase == "given":
            set_up = "cause" if self._file.value.given == Setup() else "given"
            return self._file.place(set_up).line
        return self._file.place(step.phase, step.index - 1).line

    def _repeat(self, result: ScenarioResult) -> str:
        options = f"--fakeproviders-seed={result.seed}"
        if CHOSEN_TARGET in self.config.stash:
            options += f" --fakeproviders-target={result.target}"
        return _REPEAT[self._lang].format(path=self._file.path, options=options)


def _markers(config: pytest.Config) -> tuple[set[str], set[str]]:
    """Those registered: plain words, and those with arguments, as ``skip(reason)``, which act on a test."""
    heads = [line.partition(":")[0].strip() for line in config.getini("markers")]
    acting = {head.partition("(")[0] for head in heads if "(" in head}
    return set(heads) - acting, acting


def _shown(path: Path) -> Path:
    """As it is named in messages: from the current folder, where it is below that."""
    folder = Path.cwd()
    return path.relative_to(folder) if path.is_relative_to(folder) else path


@contextmanager
def _alone_at(target: Target, config: pytest.Config) -> Iterator[None]:
    """Keep other workers out of a target that does not bear so many scenarios at a time.

    Its file is what they share: they lock it.
    """
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    if target.at_once is None or target.at_once >= workers:
        yield
        return
    import fcntl  # not everywhere

    with Path(target.name).open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
