"""Plans: the shipped ones are good, and a wrong one says what is wrong and where."""

import re
from pathlib import Path
from typing import get_args

import pytest
from msgspec import structs

from fakeproviders.cli.commands.load import SHAPES as OF_THE_COMMAND
from fakeproviders.load.plan import USERS, Shape, check_users, load_plan, load_thresholds, plans
from fakeproviders.misfit import Misfit
from fakeproviders.scenario.mistakes import BadFile
from loadtests.shapes import SHAPES

PLAN = "title: {zh: 测试, en: Test}\nusers: {official: 1}\n"


@pytest.mark.parametrize("name", list(plans()))
def test_a_shipped_plan_is_good(name: str) -> None:
    plan = load_plan(name)
    check_users(structs.replace(plan, host=plan.host or "http://127.0.0.1:8000"))
    assert set(plan.users) <= set(USERS)


def test_shapes_are_the_same_everywhere() -> None:
    assert set(get_args(Shape)) == set(SHAPES) == set(OF_THE_COMMAND)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("users: {official: 1}\n", "1:1: .*title"),
        (PLAN.replace("official", "offical"), "2:9: unknown kind of users 'offical'; did you mean official?"),
        (PLAN.replace("official: 1", ""), "2:8: name at least one of official"),
        (PLAN + "shape: wave\n", "3:8: .*wave"),
        (PLAN + "count: 0\n", "3:8: "),
        (PLAN + "second: 5\n", "3:1: unknown key 'second'; did you mean seconds?"),
        (PLAN + "faults: [{rule: {provider: official, do: maintenence}}]\n", "3:42: .*maintenance"),
        (PLAN + "faults: [{rule: {provider: official, do: refuse}}]\n", "3:.*dedicated_ports"),
        (PLAN + "providers: {official: {quotas: {mobile_per_minit: 1}}}\n", "3:33: .*mobile_per_minute"),
        (PLAN + "thresholds: {early_retries: 2}\n", "3:29: "),
        (PLAN + "faults: [{at: 5, until: 2, rule: {provider: official, do: hang}}]\n", "3:25: must be later than at"),
        (PLAN + "pause: {least: 1, most: 0.5}\n", "3:25: must not be less than least"),
        ("title: [", "2:1: a value is expected here"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "wrong.load.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        load_plan(str(file))
    assert re.search(said.replace("?", r"\?"), caught.value.told("en"))
    assert re.search(r"[\u4e00-\u9fff]", caught.value.told("zh"))


def test_a_plan_that_is_not_there_is_not_found_and_the_nearest_is_named() -> None:
    with pytest.raises(Misfit) as caught:
        load_plan("trail")
    assert caught.value.words.en.endswith("did you mean trial?")


@pytest.mark.parametrize(
    ("users", "said"), [({"offical": 1}, "did you mean official?"), ({"own": 1}, "--host")]
)
def test_users_that_cannot_be_are_refused(users: dict[str, int], said: str) -> None:
    plan = structs.replace(load_plan("doors"), users=users)
    with pytest.raises(Misfit, match=re.escape(said)):
        check_users(plan)


def test_thresholds_are_read_from_yaml_and_json(tmp_path: Path) -> None:
    for name, text in (
        ("t.yaml", "retries: 2\np99_ms: 50\n"),
        ("t.json", '{"retries": 2, "p99_ms": 50}'),
    ):
        (tmp_path / name).write_text(text)
        found = load_thresholds(tmp_path / name)
        assert (found.retries, found.p99_ms, found.duplicates) == (2, 50, 0)
