"""What is said of a test that fails, and which tests fail for a fault that did not fire."""

from textwrap import dedent

import pytest

from tests.pytest_plugin.parts import PATIENCE, XDIST, Project

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.timeout(2 * PATIENCE)


# --- what a failing test shows ---------------------------------------------------------------------

FAILING = """
def test_it(fakeproviders):
    fakeproviders.official.fail("rate_limited", times=1)
    assert [balance(fakeproviders), balance(fakeproviders)] == [0, 0]
"""


@pytest.mark.parametrize("workers", [(), XDIST], ids=["alone", "xdist"])
def test_a_failing_test_shows_what_the_providers_received(
    project: Project, workers: tuple[str, ...]
) -> None:
    result = project(FAILING, *workers, "--fakeproviders-seed=7")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- fakeproviders: what the providers received -*",
            "r0  official  balance  fault rate_limited",
            "    ✗ fault: fault rule f1, match 1: rate_limited",
            '    replied 200: {"code":46001,*',
            "r1  official  balance  refused token_expired",
            "    ✗ token_valid: access token 'none' is missing, unknown or expired",
            "to repeat it: --fakeproviders-seed=7 (this session's seed is *)",
        ]
    )


def test_it_does_so_in_chinese(project: Project) -> None:
    result = project(FAILING, "--fakeproviders-lang=zh")
    result.stdout.fnmatch_lines(
        ["*fakeproviders：服务商收到的请求*", "    ✗ fault: 故障规则 f1 第 1 次匹配：rate_limited",
         "重现：--fakeproviders-seed=*"]
    )  # fmt: skip


def test_a_near_miss_is_told_in_chinese(project: Project) -> None:
    source = """
        def test_never(fakeproviders):
            fakeproviders.official.fail("rate_limited", match={"mobile": {"prefix": "139"}})
            balance(fakeproviders)
    """
    result = project(dedent(source), "--fakeproviders-lang=zh")
    result.stdout.fnmatch_lines(["    ✓ fault: 故障规则 f1 未匹配：mobile = ''，要求以 139 开头"])


def test_what_the_marker_does_not_take_is_told_in_chinese(project: Project) -> None:
    source = """
        @pytest.mark.fakeproviders(sed=1)
        def test_it(fakeproviders): pass
    """
    result = project(dedent(source), "--fakeproviders-lang=zh")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["*@pytest.mark.fakeproviders 没有 sed；可以写（须带名称）：seed、*"]
    )


def test_the_locale_chooses_the_language(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    project(FAILING).stdout.fnmatch_lines(["*fakeproviders：服务商收到的请求*"])


def test_a_test_that_fails_before_it_began_shows_it_too(project: Project) -> None:
    source = """
        @pytest.fixture
        def shop(fakeproviders):
            assert balance(fakeproviders) == 0
        def test_it(shop): pass
    """
    result = project(dedent(source))
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["r0  official  balance  refused token_expired"])


# --- faults that never fired -----------------------------------------------------------------------


def test_a_scripted_fault_that_never_fired_fails_the_test(project: Project) -> None:
    source = """
        def test_never(fakeproviders):
            fakeproviders.official.fail("rate_limited", match={"mobile": "13800138000"})
            balance(fakeproviders)
        def test_half(fakeproviders):
            fakeproviders.official.script("rate_limited, ok, fail")
            balance(fakeproviders)
        def test_whole(fakeproviders):
            fakeproviders.official.script("rate_limited, ok")
            assert [balance(fakeproviders) for _ in range(2)] == [46001, 40110]
    """
    result = project(dedent(source))
    result.assert_outcomes(passed=3, errors=2)
    result.stdout.fnmatch_lines(
        [
            "fault rule f1 (official: rate_limited) never fired, * (it matched 0 and fired 0 times)",
            "if that is meant: @pytest.mark.fakeproviders(allow_unfired=True)",
            "r0  official  balance  refused token_expired",
            "    ✓ fault: fault rule f1 did not match: mobile = '', expected = 13800138000",
            "fault rule f1 (official: rate_limited, ok, fail) never fired, or its script has steps *",
        ]
    )


def test_nobody_asks_for_faults_that_could_not_fire_or_need_not(project: Project) -> None:
    source = """
        @pytest.mark.fakeproviders(allow_unfired=True)
        def test_meant(fakeproviders):
            fakeproviders.official.fail("rate_limited")
        def test_failed(fakeproviders):
            fakeproviders.official.fail("rate_limited")
            assert False
        def test_skipped(fakeproviders):
            fakeproviders.official.fail("rate_limited")
            pytest.skip()
        @pytest.mark.xfail
        def test_expected_to_fail(fakeproviders):
            fakeproviders.official.fail("rate_limited")
            assert False
    """
    result = project(dedent(source))
    result.assert_outcomes(passed=1, failed=1, skipped=1, xfailed=1)
