"""Where scenarios come from: the wheel's copy or the source tree, names, files, folders."""

import tomllib
from pathlib import Path

import pytest

from fakeproviders.failures import catalogue
from fakeproviders.misfit import Misfit
from fakeproviders.scenario import shipped as module
from fakeproviders.scenario.shipped import FOLDERS, chosen, folder, shipped
from tests.scenario.files_of_tests import FOLDER, GOOD

ROOT = Path(__file__).parents[2]


def test_the_wheel_carries_what_the_source_tree_has() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert wheel == {kind: f"fakeproviders/shipped/{kind}" for kind in ("scenarios", "loadtests")}


def test_the_copy_in_the_wheel_is_taken_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert folder() == ROOT / "scenarios"
    copy = tmp_path / "shipped/scenarios"
    copy.mkdir(parents=True)
    monkeypatch.setattr(module, "_PACKAGE", tmp_path)
    assert folder() == copy
    assert folder("loadtests") == tmp_path.parent / "loadtests"


def test_names_of_shipped_scenarios_are_unique() -> None:
    assert len(shipped()) == len(list(folder().rglob("*.scenario.yaml")))


def test_scenarios_are_chosen_by_name_file_and_folder_each_once() -> None:
    name, path = next(iter(shipped().items()))
    assert chosen([]) == list(shipped().values())
    assert chosen([name, str(path)]) == [path]
    assert chosen([str(FOLDER)]) == list(GOOD)


def test_they_come_as_one_reads_them_the_guide_first() -> None:
    kinds = [path.parent.name for path in shipped().values()]
    assert list(dict.fromkeys(kinds)) == ["guide", "gateway", "transport", "stories"]
    assert kinds == sorted(kinds, key=FOLDERS.index)


def test_a_failure_stands_for_all_that_show_it_and_a_name_for_itself() -> None:
    names = {path: name for name, path in shipped().items()}
    assert [names[path] for path in chosen(["signature_mismatch"])] == [
        "3-signature-mismatch",
        "refused-is-not-failed-over",
    ]
    assert [names[path] for path in chosen(["malformed"])] == ["malformed"]
    for slug in catalogue():
        assert chosen([slug]), slug


@pytest.mark.parametrize(
    ("name", "en", "zh"),
    [
        ("3-signature-mismach", "did you mean 3-signature-mismatch?", "是不是 3-signature-mismatch？"),
        ("signature_mismach", "did you mean signature_mismatch?", "是不是 signature_mismatch？"),
        ("qqqq", "scenarios list lists all", "列出全部"),
        ("no/such", "there is no file 'no/such'", "没有文件 'no/such'"),
        ("no.yaml", "there is no file 'no.yaml'", "没有文件 'no.yaml'"),
    ],
)  # fmt: skip
def test_what_leads_to_none_is_a_clear_error(name: str, en: str, zh: str) -> None:
    with pytest.raises(Misfit) as caught:
        chosen([name])
    assert en in caught.value.words.en
    assert zh in caught.value.words.zh
