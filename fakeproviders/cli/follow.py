"""Following a list of the control API: long polls with a cursor, through restarts of the server."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from queue import Queue
from threading import Thread
from typing import Any

from fakeproviders.cli.api import Api
from fakeproviders.cli.errors import UnreachableError
from fakeproviders.cli.show import notice
from fakeproviders.failures import Words

WAIT = 20.0
"""Seconds of one long poll."""
PAUSE = 0.5
"""Seconds between attempts while the server is away."""
REMEMBERED = 10_000

Page = dict[str, Any]
Tell = Callable[[str], None]


class Recent:
    """The entries already shown, so that a re-read after an outage shows none twice."""

    def __init__(self) -> None:
        self.order: deque[tuple[object, object]] = deque()
        self.known: set[tuple[object, object]] = set()

    def add(self, entry: Page) -> bool:
        """Whether the entry is new. A restarted server counts its ids anew, so time counts too."""
        key = (entry.get("id"), entry.get("at"))
        if key in self.known:
            return False
        self.known.add(key)
        self.order.append(key)
        if len(self.order) > REMEMBERED:
            self.known.discard(self.order.popleft())
        return True


def follow(
    api: Api, path: str, key: str, query: Mapping[str, object], tell: Tell = notice
) -> Iterator[Page]:
    """Entries as they come, those already there first; ``tell`` says what the connection does.

    What is there is asked for at once: raises UnreachableError when nobody answers, ProblemError when
    the server refuses. The iterator ends only by an exception.
    """
    page = api.get(path, query)
    query = {**query, "limit": None}  # of what is there already; of what comes, all
    return _going_on(api, path, key, query, page, tell)


def _going_on(
    api: Api, path: str, key: str, query: Mapping[str, object], page: Page, tell: Tell
) -> Iterator[Page]:
    """The entries of a page, and those that come after it."""
    recent = Recent()
    while True:
        yield from filter(recent.add, page.get(key, ()))
        cursor = page.get("cursor")
        try:
            page = api.get(path, {**query, "cursor": cursor}, wait=WAIT)
        except UnreachableError as error:
            page = reconnect(api, path, query, error, tell)


def together(*lists: Iterator[str]) -> Iterator[str]:
    """Several lists at once, each line as it comes. Raises what the first of them raises."""
    arrivals: Queue[str | Exception] = Queue()

    def drain(lines: Iterator[str]) -> None:
        try:
            for line in lines:
                arrivals.put(line)
        except Exception as error:  # noqa: BLE001 - raised where the lines are read
            arrivals.put(error)

    for lines in lists:
        Thread(target=drain, args=(lines,), daemon=True).start()
    while True:
        found = arrivals.get()
        if isinstance(found, Exception):
            raise found
        yield found


def reconnect(
    api: Api, path: str, query: Mapping[str, object], error: UnreachableError, tell: Tell
) -> Page:
    """Wait until the server is back. It may be another one: its list is read from the start."""
    lost = Words(
        zh="连接中断，等待服务恢复（Ctrl-C 结束）：", en="Connection lost, waiting (Ctrl-C ends): "
    )
    tell(lost[api.lang] + str(error))
    while True:
        time.sleep(PAUSE)
        try:
            page = api.get(path, query)
        except UnreachableError:
            continue
        tell(Words(zh="已重新连接。", en="Connected again.")[api.lang])
        return page
