"""Scenario files as tests of somebody's project."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from textwrap import dedent
from threading import Condition, Thread
from xml.etree import ElementTree as ET

import pytest

from tests.e2e.running import RunningServer
from tests.pytest_plugin.parts import PATIENCE, XDIST, Project

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.timeout(2 * PATIENCE)

BUSY = """
title: {zh: 限流, en: Busy}
failure: rate_limited
tags: [gateway, skip]
target: client:official
steps:
  - faults: [{provider: official, operation: send, do: rate_limited, times: 1}]
    cause: true
  - do: send
    with: {mobile: "13800138000"}
    expect:
      user: {failure: rate_limited}
remedy:
  - do: send
    with: {mobile: "13800138000"}
    expect: {user: {succeeds: true}}
"""
WRONG = BUSY.replace("{failure: rate_limited}", "{succeeds: true}")
IN_A_PANEL = """
title: {zh: 清除缓存, en: Emptied}
tags: [settings]
steps: [{do: clear_cache, cause: true, expect: {user: {succeeds: true}}}]
"""
BROKEN = "title: {zh: 坏, en: Broken}\ntag: [x]\nsteps: [{do: sned, cause: true}]\n"
Scenarios = Callable[..., pytest.RunResult]


@pytest.fixture
def scenarios(pytester: pytest.Pytester, project: Project) -> Scenarios:
    """Runs scenario files, given by name."""

    def run(*options: str, **texts: str) -> pytest.RunResult:
        folder = pytester.mkdir("scenarios")
        for name, text in texts.items():
            (folder / f"{name}.scenario.yaml").write_text(text, "utf-8")
        return project("", "--strict-markers", *options)

    return run


@pytest.mark.parametrize("workers", [(), XDIST], ids=["alone", "xdist"])
def test_a_scenario_that_fails_reads_like_an_assertion(
    scenarios: Scenarios, workers: tuple[str, ...]
) -> None:
    result = scenarios(*workers, busy=BUSY, wrong=WRONG, saved=IN_A_PANEL)
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*___ wrong ___*",
            "scenarios/wrong.scenario.yaml:9: *: expected *, got *请求过于频繁*",
            "steps 2: *",
            "    expected: *",
            "    actual: *请求过于频繁*",
            "  r1 official send: *rate_limited",
            "    ✗ fault rule f1, match 1: rate_limited",
            "to repeat it: pytest scenarios/wrong.scenario.yaml --fakeproviders-seed=1",
            "FAILED scenarios/wrong.scenario.yaml::wrong - Failed: scenarios/wrong*",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_it_does_so_in_chinese(scenarios: Scenarios) -> None:
    result = scenarios("--fakeproviders-lang=zh", wrong=WRONG)
    result.stdout.fnmatch_lines(["*应为*，实际为*", "步骤 2*", "重现：pytest scenarios/wrong.*"])


def test_what_makes_the_preparation_fail_has_its_line(scenarios: Scenarios) -> None:
    cause = "cause: {providers: {official: {app_id: demo-app}}}\nsteps:"
    result = scenarios(taken=BUSY.replace("steps:", cause))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["scenarios/taken.scenario.yaml:6: *'demo-app' belongs to another session*", "given: *"]
    )


@pytest.mark.parametrize("workers", [(), XDIST], ids=["alone", "xdist"])
def test_a_broken_file_is_an_error_with_its_places_alone(
    scenarios: Scenarios, workers: tuple[str, ...]
) -> None:
    result = scenarios(*workers, broken=BROKEN)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            "*ERROR collecting scenarios/broken.scenario.yaml*",
            "scenarios/broken.scenario.yaml:2:1: *did you mean tags?",
            "scenarios/broken.scenario.yaml:3:14: *did you mean send?",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


@pytest.mark.parametrize(
    ("options", "passed"),
    [
        (("-m", "gateway"), 1),
        (("-m", "settings and not gateway"), 1),
        (("-k", "rate_limited"), 1),
        (("-k", "saved or gateway"), 2),
        (("scenarios/saved.scenario.yaml::saved",), 1),
    ],
)
def test_scenarios_are_chosen_by_tag_name_and_failure(
    scenarios: Scenarios, options: tuple[str, ...], passed: int
) -> None:
    scenarios(*options, busy=BUSY, saved=IN_A_PANEL).assert_outcomes(
        passed=passed, deselected=0 if "::" in options[0] else 2 - passed
    )


def test_a_target_that_lacks_something_skips_with_the_reason(scenarios: Scenarios) -> None:
    result = scenarios("-rs", "--fakeproviders-target=client:reseller", saved=IN_A_PANEL)
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(
        ["SKIPPED * scenarios/saved.scenario.yaml: * lacks the action clear_cache"]
    )


@pytest.mark.parametrize(
    ("target", "complaint"),
    [
        ("client:offical", "*ERROR: --fakeproviders-target: *did you mean client:official?"),
        ("shop.yaml", "*ERROR: --fakeproviders-target: there is no target file 'shop.yaml'"),
        ("scenarios/busy.scenario.yaml", "*scenarios/busy.scenario.yaml:2:1: *title*"),
    ],
)
def test_a_target_that_is_none_ends_the_run(
    scenarios: Scenarios, target: str, complaint: str
) -> None:
    result = scenarios(f"--fakeproviders-target={target}", busy=BUSY)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([complaint])
    result.stderr.no_fnmatch_line("*Traceback*")


def test_the_reports_of_pytest_know_outcome_seed_and_target(
    pytester: pytest.Pytester, scenarios: Scenarios
) -> None:
    options = ("--fakeproviders-seed=7", "--junitxml=report.xml", "-o", "junit_family=xunit1")
    other = BUSY.replace("official", "reseller")
    scenarios(*options, "--fakeproviders-target=client:official", wrong=WRONG, other=other)
    cases = {c.attrib["name"]: c for c in ET.parse(pytester.path / "report.xml").iter("testcase")}
    [failure] = cases["wrong"].iter("failure")
    assert failure.attrib["message"].startswith("Failed: scenarios/wrong.scenario.yaml:9: ")
    assert "--fakeproviders-seed=7 --fakeproviders-target=client:official" in str(failure.text)
    shown = {p.attrib["name"]: p.attrib["value"] for p in cases["wrong"].iter("property")}
    assert shown == {"seed": "7", "target": "client:official"}
    assert [skipped.attrib["type"] for skipped in cases["other"].iter("skipped")] == ["pytest.skip"]


def test_they_run_on_the_server_that_is_given(scenarios: Scenarios, server: RunningServer) -> None:
    before = server.harness.sessions.all()
    url = f"--fakeproviders-url={server.addresses.control}"
    scenarios(url, busy=BUSY, saved=IN_A_PANEL).assert_outcomes(passed=2)
    assert server.harness.sessions.all() == before


def test_a_server_that_is_not_running_is_said_to_be_so(scenarios: Scenarios) -> None:
    result = scenarios("--fakeproviders-url=http://127.0.0.1:1", busy=BUSY)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["no answer from the fakeproviders server at http://127.0.0.1:1*"])
    result.stdout.no_fnmatch_line("*Traceback*")


class Shop(BaseHTTPRequestHandler):
    """A system of one's own, which waits for a second scenario beside the one that is at it."""

    changed = Condition()
    waits = 0.0
    now = most = 0

    def do_POST(self) -> None:
        shop = type(self)
        with self.changed:
            shop.now += {"/begin": 1, "/end": -1}.get(self.path, 0)
            shop.most = max(shop.most, shop.now)
            self.changed.notify_all()
            if self.path == "/work":
                self.changed.wait_for(lambda: shop.most > 1, shop.waits)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Nothing."""


@contextmanager
def shop(seconds: float) -> Iterator[tuple[str, type[Shop]]]:
    """Its address and its counts."""
    kind = type("OneShop", (Shop,), {"changed": Condition(), "waits": seconds})
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", kind
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("at_once", "most", "waits"), [("1", 1, 0.2), ("null", 2, 60)])
def test_workers_spare_a_target_that_bears_one_at_a_time(
    pytester: pytest.Pytester, scenarios: Scenarios, at_once: str, most: int, waits: float
) -> None:
    with shop(waits) as (url, counts):
        target = f"""
            base_url: {url}
            at_once: {at_once}
            prepare: {{request: {{path: /begin}}}}
            finish: {{request: {{path: /end}}}}
            actions:
              clear_cache: {{request: {{path: /work}}}}
        """
        (pytester.path / "shop.yaml").write_text(dedent(target), "utf-8")
        files = {f"saved{number}": IN_A_PANEL for number in range(4)}
        result = scenarios(*XDIST, "--fakeproviders-target=shop.yaml", **files)
    result.assert_outcomes(passed=4)
    assert counts.most == most
