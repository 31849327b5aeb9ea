"""The guide's sections in the light of a replay: cause, text and remedy of each, and what was proven."""

from collections.abc import Sequence
from typing import NamedTuple

from fakeproviders.failures import Failure, catalogue
from fakeproviders.scenario.results import ScenarioResult


class Coverage(NamedTuple):
    """One entry of the guide. ``text`` is what a user was seen to read, else the catalogue's."""

    entry: Failure
    text: str
    results: Sequence[ScenarioResult]

    @property
    def was_tried(self) -> bool:
        """Whether any of its scenarios was run at all."""
        return bool(self._tried)

    @property
    def proven(self) -> bool:
        """Whether each that was run failed as told, and was mended by the remedy."""
        return self.was_tried and all(map(is_mended, self._tried))

    @property
    def _tried(self) -> list[ScenarioResult]:
        return [result for result in self.results if result.outcome != "skipped"]


def guide_coverage(results: Sequence[ScenarioResult]) -> list[Coverage]:
    """All documented entries in the guide's order; none when the replay was not about the guide."""
    about_guide = [result for result in results if result.section]
    found = []
    for entry in catalogue().values():
        if entry.kind == "documented" and entry.section:
            mine = [r for r in about_guide if r.failure == entry.slug]
            found.append(Coverage(entry, _text(entry, mine), mine))
    return found if about_guide else []


def is_mended(result: ScenarioResult) -> bool:
    """Whether the failure happened as told, and its remedy worked."""
    return result.outcome == "passed" and any(step.phase == "remedy" for step in result.steps)


def _text(entry: Failure, results: Sequence[ScenarioResult]) -> str:
    for result in filter(is_mended, results):
        for step in result.steps:
            refused = [seen.text for seen in step.seen if not seen.succeeded and seen.text]
            if step.phase == "steps" and refused:
                return refused[0]
    return "" if entry.slug in _SILENT else entry.panel_prefix + entry.text


_SILENT = {"settings_not_saved", "operation_notice_disabled"}
"""Where the user reads nothing by itself."""
