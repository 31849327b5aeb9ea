"""Following a list: every entry once and in order, whatever happens to the server meanwhile."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any, cast

import pytest

from fakeproviders.cli import follow as following
from fakeproviders.cli.api import Api
from fakeproviders.cli.errors import UnreachableError
from fakeproviders.cli.follow import Recent, follow, together

Page = dict[str, Any]


class Ended(Exception):
    """The script is at its end."""


class Scripted:
    """Gives one page after the other, and raises the errors among them."""

    lang = "en"

    def __init__(self, *answers: Page | UnreachableError) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[dict[str, object], float]] = []

    def get(self, path: str, query: Mapping[str, object], wait: float = 0) -> Page:
        assert path == "/messages"
        self.asked.append((dict(query), wait))
        if not self.answers:
            raise Ended
        answer = self.answers.pop(0)
        if isinstance(answer, UnreachableError):
            raise answer
        return answer


def page(cursor: str, *ids: str, at: str = "noon") -> Page:
    return {"messages": [{"id": found, "at": at} for found in ids], "cursor": cursor}


def followed(server: Scripted, told: list[str]) -> list[str]:
    entries = follow(cast("Api", server), "/messages", "messages", {"limit": 5}, told.append)
    found: list[str] = []
    with suppress(Ended):
        found.extend(entry["id"] for entry in entries)
    return found


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PAUSE", 0.0)


def test_entries_come_as_they_are_made_and_a_limit_counts_for_those_there_already() -> None:
    server = Scripted(page("1", "a", "b"), page("1"), page("2", "c"))
    told: list[str] = []
    assert followed(server, told) == ["a", "b", "c"]
    (query, wait), *polls = server.asked
    assert query == {"limit": 5}
    assert wait == 0
    assert [polled for polled, _ in polls] == [
        {"limit": None, "cursor": cursor} for cursor in ("1", "1", "2")
    ]
    assert {waited for _, waited in polls} == {following.WAIT}
    assert told == []


def test_a_lost_server_is_waited_for_and_nothing_is_shown_twice() -> None:
    gone = UnreachableError("nobody answers")
    server = Scripted(page("2", "a", "b"), gone, gone, gone, page("3", "a", "b", "c"))
    told: list[str] = []
    assert followed(server, told) == ["a", "b", "c"]
    assert told == ["Connection lost, waiting (Ctrl-C ends): nobody answers", "Connected again."]


def test_a_new_server_that_counts_anew_is_shown_from_its_start() -> None:
    server = Scripted(page("1", "a"), UnreachableError("gone"), page("1", "a", at="one o'clock"))
    assert followed(server, []) == ["a", "a"]


def test_nobody_there_at_the_beginning_is_an_error_at_once() -> None:
    with pytest.raises(UnreachableError):
        follow(cast("Api", Scripted(UnreachableError("nobody"))), "/messages", "messages", {})


def test_what_was_shown_is_remembered_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "REMEMBERED", 2)
    recent = Recent()
    assert [recent.add({"id": found, "at": 0}) for found in "aabca"] == [
        True, False, True, True, True,
    ]  # fmt: skip
    assert len(recent.known) == len(recent.order) == 2


def test_several_lists_are_one_until_the_first_of_them_fails() -> None:
    def lines(*texts: str) -> Iterator[str]:
        yield from texts

    def failing() -> Iterator[str]:
        yield "last"
        raise Ended

    assert sorted(islice(together(lines("a", "b"), lines("c")), 3)) == ["a", "b", "c"]
    both = together(failing())
    assert next(both) == "last"
    with pytest.raises(Ended):
        next(both)
