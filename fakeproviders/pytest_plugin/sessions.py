"""The sessions of tests: how they begin and end, and what a failing test's report says of them."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from http import HTTPStatus
from typing import Any

import pytest

from fakeproviders.api.answers import Fault
from fakeproviders.api.link import Link
from fakeproviders.api.session import Session
from fakeproviders.api.story import unfired
from fakeproviders.api.sync.harness import SyncHarness
from fakeproviders.api.sync.session import SyncSession
from fakeproviders.api.thread import waited
from fakeproviders.clients.control import ControlError, Unreachable
from fakeproviders.failures import Words
from fakeproviders.pytest_plugin import PASSED, RUN_SEED, SESSION, URL, lang_of

_BEGINNING = ("seed", "clock", "providers", "dedicated_ports")
"""What the marker hands on to the session; beside these it takes allow_unfired."""
_NAME_LENGTH = 100
_TITLE = Words(
    zh="fakeproviders：服务商收到的请求", en="fakeproviders: what the providers received"
)
_REPEAT = Words(
    zh="重现：--fakeproviders-seed={base}（本会话的种子 {seed}）",
    en="to repeat it: --fakeproviders-seed={base} (this session's seed is {seed})",
)
_OPT_OUT = Words(
    zh="如本意如此：@pytest.mark.fakeproviders(allow_unfired=True)",
    en="if that is meant: @pytest.mark.fakeproviders(allow_unfired=True)",
)


def started(config: pytest.Config) -> SyncHarness:
    """Servers for a run, or a running one's, as the options say. They end with the run."""
    stack = ExitStack()
    token = os.environ.get("FAKEPROVIDERS_TOKEN")
    with _failing():
        harness = SyncHarness(url=config.getoption(URL), token=token, lang=lang_of(config))
        stack.enter_context(harness)
    config.add_cleanup(stack.close)
    return harness


@contextmanager
def session_of(item: pytest.Item, server: SyncHarness) -> Iterator[SyncSession]:
    """The session of a test, which ends with it."""
    given = _given(item)
    allow_unfired = given.pop("allow_unfired", False)
    session = item.stash[SESSION] = _begun(item, server, given)
    yield session
    del item.stash[SESSION]
    strict = item.stash.get(PASSED, False) and not allow_unfired
    with _failing():
        left, story = waited(session.link.thread.submit(_end(asynchronous(session), strict=strict)))
    if left:
        pytest.fail(_complaint(item, session, left, story), pytrace=False)


def asynchronous(session: SyncSession) -> Session:
    """The same session, to be awaited."""
    link = session.link
    return Session(Link(link.thread, link.client, link.sessions), session.document)


def section(item: pytest.Item, session: SyncSession) -> tuple[str, str]:
    """Title and text for a failing test's report."""
    try:
        story = session.story()
    except (ControlError, Unreachable) as error:
        story = str(error)
    return _TITLE[session.link.client.lang], f"{story}\n{_repeat(item, session)}"


def _begun(item: pytest.Item, server: SyncHarness, given: dict[str, Any]) -> SyncSession:
    given.setdefault("seed", _seed(item))
    with _failing("@pytest.mark.fakeproviders: "):
        return server.session(name=item.nodeid[-_NAME_LENGTH:], **given)


async def _end(session: Session, *, strict: bool) -> tuple[list[Fault], str]:
    """End it; ``strict``: the faults that have not fired, and the story of it then.

    All of it in the server's thread, to go there but once.
    """
    try:
        await session.delete(strict=strict)
    except ControlError as error:
        if error.status == HTTPStatus.CONFLICT:
            left, story = await session.unfired_faults(), await session.story()
            await session.delete()
            return left, story
        if error.status != HTTPStatus.NOT_FOUND:  # the test may have ended it
            raise
    return [], ""


@contextmanager
def _failing(refused: str = "") -> Iterator[None]:
    """Fail with what the server says, and no traceback; ``refused`` goes before what it does not take."""
    try:
        yield
    except ControlError as error:
        raise pytest.fail.Exception(f"{refused}{error}", pytrace=False) from None
    except Unreachable as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


def _given(item: pytest.Item) -> dict[str, Any]:
    """What the markers say, the nearest first. Fails the test for what is no setting."""
    given: dict[str, Any] = {}
    for marker in item.iter_markers("fakeproviders"):
        _check(marker.args, marker.kwargs, lang_of(item.config))
        given = {**marker.kwargs, **given}
    return given


def _check(args: tuple[object, ...], kwargs: Mapping[str, object], lang: str) -> None:
    known = (*_BEGINNING, "allow_unfired")
    unknown = [*map(repr, args), *(name for name in kwargs if name not in known)]
    if unknown:
        words = Words(
            zh=f"@pytest.mark.fakeproviders 没有 {'、'.join(unknown)}；"
            f"可以写（须带名称）：{'、'.join(known)}",
            en=f"@pytest.mark.fakeproviders does not take {', '.join(unknown)}; "
            f"it takes, by name: {', '.join(known)}",
        )
        pytest.fail(words[lang], pytrace=False)


def _seed(item: pytest.Item) -> int:
    """The test's own, which does not depend on what else runs."""
    text = f"{item.config.stash[RUN_SEED]}|{item.nodeid}"
    return int.from_bytes(sha256(text.encode()).digest()[:4])


def _repeat(item: pytest.Item, session: SyncSession) -> str:
    words = _REPEAT[session.link.client.lang]
    return words.format(base=item.config.stash[RUN_SEED], seed=session.seed)


def _complaint(item: pytest.Item, session: SyncSession, left: list[Fault], story: str) -> str:
    lang = session.link.client.lang
    lines = [unfired(fault, lang) for fault in left]
    return "\n".join([*lines, _OPT_OUT[lang], "", story, _repeat(item, session)])
