"""The command: its exit code, its lines and its figures, whatever a proof finds."""

import json
from pathlib import Path

import pytest

from fakeproviders.failures import Words
from loadtests.proofs import __main__ as command
from loadtests.proofs.judging import Check
from loadtests.proofs.proof import Found, Proof, Show
from loadtests.proofs.serving import ServingError
from loadtests.proofs.sizes import Size
from loadtests.redis_server import RedisFailed

SENTENCE = Words(zh="成立", en="it holds")


def a_proof(name: str, *passed: bool | None, needs: str = "") -> Proof:
    """A proof that finds this."""

    async def run(size: Size, show: Show) -> Found:
        show(1, 2, 1)
        checks = [
            Check(f"check{n}", one, Words(zh="如此", en="so")) for n, one in enumerate(passed)
        ]
        return Found({"attempts": 3}, checks)

    return Proof(name, SENTENCE, run, needs)


def a_broken_proof(error: Exception) -> Proof:
    """A proof that does not come to its end."""

    async def run(size: Size, show: Show) -> Found:
        raise error

    return Proof("broken", SENTENCE, run)


def run(monkeypatch: pytest.MonkeyPatch, *proofs: Proof, options: tuple[str, ...] = ()) -> int:
    monkeypatch.setattr(command, "PROOFS", proofs)
    monkeypatch.setattr("sys.argv", ["proofs", "--size", "ci", "--lang", "en", *options])
    return command.main()


@pytest.mark.parametrize(
    ("proof", "code", "said"),
    [
        (a_proof("good", True, None), 0, "passed  good: it holds"),
        (a_proof("bad", True, False), 1, "FAILED  bad: it holds"),
        (a_proof("empty"), 1, "FAILED  empty"),
        (a_proof("idle", None), 1, "FAILED  idle"),
        (a_proof("poor", True, needs="no-such-program"), 1, "no-such-program is not installed"),
        (a_broken_proof(ServingError("did not start")), 1, "not finished: did not start"),
        (a_broken_proof(RedisFailed("Bad directive")), 1, "not finished: Bad directive"),
    ],
)
def test_the_exit_code_says_whether_all_was_proved(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    proof: Proof,
    code: int,
    said: str,
) -> None:
    assert run(monkeypatch, a_proof("other", True), proof) == code
    assert said in capsys.readouterr().out


def test_some_can_be_picked_and_the_figures_are_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "proofs.json"
    proofs = a_proof("good", True), a_proof("bad", False)
    assert run(monkeypatch, *proofs, options=("--only", "good", "--json", str(file))) == 0
    written = json.loads(file.read_text("utf-8"))
    assert (written["size"], written["machine"]["cores"] > 0) == ("ci", True)
    (one,) = written["proofs"]
    assert (one["name"], one["passed"], one["figures"]) == ("good", True, {"attempts": 3})
    assert one["checks"][0]["said"] == {"zh": "如此", "en": "so"}


def test_a_name_that_is_none_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, a_proof("good", True), options=("--only", "nonsense"))
    assert ended.value.code == 2
    assert "good" in capsys.readouterr().err
