"""What the control API needs of scenarios: the shipped ones, and running one of them."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from fakeproviders.control.problems import not_found
from fakeproviders.control.runs import Run
from fakeproviders.failures import Words
from fakeproviders.scenario.load import File, load
from fakeproviders.scenario.mistakes import near
from fakeproviders.scenario.model import Scenario
from fakeproviders.scenario.results import ScenarioResult, Summary
from fakeproviders.scenario.run import run_scenario
from fakeproviders.scenario.shipped import shipped
from fakeproviders.scenario.steps import step_words
from fakeproviders.scenario.targets.named import target_of


class Performance:
    """A scenario to be run against this very server, as any client would."""

    def __init__(
        self,
        file: File[Scenario],
        *,
        target: str,
        seed: int,
        keep: bool,
        control_url: str,
        token: str | None,
        lang: str,
    ) -> None:
        self._file = file
        self._target = target_of(target)
        self._seed = seed
        self._keep = keep
        self._control_url = control_url
        self._token = token
        self._lang = lang

    @property
    def about(self) -> dict[str, Any]:
        """What a run says of itself before it has begun."""
        title = msgspec.to_builtins(self._file.value.title)
        return {"title": title, "target": self._target.name, "seed": self._seed}

    async def perform(self, run: Run) -> ScenarioResult:
        """Run it, and tell the run of each step."""
        return await run_scenario(
            self._file.value,
            name=self._file.name,
            control_url=self._control_url,
            target=self._target,
            token=self._token,
            seed=self._seed,
            keep=self._keep,
            lang=self._lang,
            on_event=run.tell,
        )


def views() -> list[dict[str, Any]]:
    """All shipped scenarios as the API shows them, the guide's first."""
    return [_view(_loaded(path)) for path in shipped().values()]


def page(result: ScenarioResult, lang: str) -> str:
    """The report of one run as HTML."""
    from fakeproviders.scenario.report.html import html

    summary = Summary(results=(result,), started_at=result.started_at, took=result.took)
    return html(summary, lang)


def scenario_file(name: str) -> File[Scenario]:
    """A shipped scenario. Raises Problem."""
    path = shipped().get(name)
    if path is not None:
        return _loaded(path)
    meant = near(name, shipped())
    hint = Words(zh=f"；是不是 {meant}？", en=f"; did you mean {meant}?") if meant else None
    words = Words(
        zh=f"没有叫 {name} 的场景，GET /api/v1/scenarios 可列出全部",
        en=f"no scenario is called {name}; GET /api/v1/scenarios lists all",
    )
    raise not_found(Words(zh=words.zh + hint.zh, en=words.en + hint.en) if hint else words)


def _loaded(path: Path) -> File[Scenario]:
    """A file, read again only when it has changed."""
    return _at_its_age(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=512)
def _at_its_age(path: Path, age: int) -> File[Scenario]:
    del age
    return load(path)


def _view(file: File[Scenario]) -> dict[str, Any]:
    scenario = file.value
    phases = (("steps", scenario.steps), ("remedy", scenario.remedy))
    return {
        "name": file.name,
        "title": msgspec.to_builtins(scenario.title),
        "about": msgspec.to_builtins(scenario.about),
        "section": scenario.section,
        "failure": scenario.failure,
        "tags": list(scenario.tags),
        "target": scenario.target,
        "seed": scenario.seed,
        "steps": [
            {"phase": phase, "index": index, "words": msgspec.to_builtins(step_words(step))}
            for phase, steps in phases
            for index, step in enumerate(steps, 1)
        ],
    }
