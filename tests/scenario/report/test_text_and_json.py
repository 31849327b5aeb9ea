"""Results in plain text and as JSON."""

import json

import msgspec
import pytest

from fakeproviders.scenario.report.json import document
from fakeproviders.scenario.report.text import failure_text
from tests.scenario.report.outcomes import ALL, BROKEN, FAILED, HARM, MENDED, SKIPPED


def test_json_has_each_scenario_with_name_and_outcome() -> None:
    whole = json.loads(msgspec.json.encode(document(ALL)))
    assert [(s["name"], s["outcome"], s["error"]) for s in whole["scenarios"]] == [
        ("3-signature", "passed", False), ("4-signature", "failed", False), ("broken", "failed", True),
        ("skipped", "skipped", False),
    ]  # fmt: skip
    assert (whole["counts"], whole["errors"]) == ({"passed": 1, "failed": 2, "skipped": 1}, 1)
    assert (whole["took"], whole["interrupted"]) == (1.25, False)
    assert whole["scenarios"][1]["steps"][1]["traces"][0]["request"] == "r5"


def test_the_text_of_a_failure_names_step_expected_actual_and_why() -> None:
    assert failure_text(FAILED, "zh").splitlines() == [
        f"步骤 1：{HARM}（中）",
        "  text（中）",
        "    预期：one（中）",
        f"    实际：{HARM}（中）",
        "    - a hint（中）",
        "  r5 official send：拒绝 signature_mismatch",
        "    ✓ all there（中）",
        "    ✗ not equal（中）",
    ]


@pytest.mark.parametrize(
    ("result", "text"),
    [(MENDED, ""), (BROKEN, "no answer (en)"), (SKIPPED, "no such action (en)")],
    ids=lambda value: getattr(value, "name", ""),
)
def test_without_a_failed_step_the_text_is_the_reason(result: object, text: str) -> None:
    assert failure_text(result, "en") == text  # type: ignore[arg-type]
