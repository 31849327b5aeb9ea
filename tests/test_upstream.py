"""The reseller's hop to the platform above, with the platform in the same process."""

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from fakeproviders import upstream
from fakeproviders.failures import Reason, failure
from fakeproviders.faults.rule import FaultSpec
from fakeproviders.model import RawReply
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.session import Session
from fakeproviders.stores.base import MessageFilter
from fakeproviders.upstream import UpstreamHop
from tests.asyncs import asynchronous
from tests.clients.http import Asked, InnerHttp
from tests.core import Core, get, post

SEND, TOKEN, REPORT = "/api/sms/send", "/api/oauth/access_token", "/api/sms/report"
HTML = RawReply(502, (), b"<html>502</html>")
LOST = aiohttp.ServerDisconnectedError()
REFUSED = aiohttp.ClientConnectorError(
    ConnectionKey("127.0.0.1", 9401, False, True, None, None, None),
    ConnectionRefusedError(111, "Connection refused"),
)

Trouble = RawReply | BaseException


class Above(Core):
    """The reseller's hop leads into the same core; ``before`` and ``after`` break it, once a path.

    What is in ``before`` keeps a request from arriving; what is in ``after`` replaces its answer.
    """

    session: Session

    def __init__(self) -> None:
        super().__init__()
        self.http = InnerHttp(self._serve)
        self.before: dict[str, list[Trouble]] = {}
        self.after: dict[str, list[Trouble]] = {}

    async def begin(self) -> "Above":
        self.session = await self.open()
        self.upstream = UpstreamHop(
            self.http.session(), "http://above", self.session.accounts["reseller"], self.real
        )
        self.hop = self.upstream
        return self

    @property
    def paths(self) -> list[str]:
        return [asked.target.partition("?")[0] for asked in self.http.asked]

    async def state(self) -> tuple[list[str], int, int]:
        """Mobiles' providers in the inbox, and what each account was charged."""
        store = self.session.store
        shown = [m.provider for m in await store.latest_messages(MessageFilter(), 9)]
        charged = [1_000_000_000 - await store.balance(role) for role in ("reseller", "upstream")]
        return shown, charged[0], charged[1]

    async def _serve(self, asked: Asked) -> RawReply:
        path = asked.target.partition("?")[0]
        _raise_or_none(reply := _next(self.before, path))
        if isinstance(reply, RawReply):
            return reply
        raw = post(path, asked.json) if asked.json else get(path, dict(asked.params))
        answered = await self.reply(OFFICIAL, raw)
        _raise_or_none(reply := _next(self.after, path))
        return reply if isinstance(reply, RawReply) else answered


def _next(troubles: dict[str, list[Trouble]], path: str) -> Trouble | None:
    waiting = troubles.get(path)
    return waiting.pop(0) if waiting else None


def _raise_or_none(trouble: Trouble | None) -> None:
    if isinstance(trouble, BaseException):
        raise trouble


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstream, "_FIRST_PAUSE", 0.0)


@asynchronous
async def test_an_accepted_send_charges_both_accounts_and_shows_once() -> None:
    above = await Above().begin()
    assert (await above.reseller_send())["code"] == 0
    assert await above.state() == (["reseller"], 1, 1)
    assert above.paths == [TOKEN, SEND]


@asynchronous
async def test_the_token_is_kept() -> None:
    above = await Above().begin()
    await above.reseller_send()
    await above.reseller_send()
    assert above.paths == [TOKEN, SEND, SEND]


@asynchronous
async def test_a_token_that_has_expired_is_fetched_anew() -> None:
    above = await Above().begin()
    await above.reseller_send()
    await above.session.clock.advance(7200)
    assert (await above.reseller_send())["code"] == 0
    assert above.paths == [TOKEN, SEND, SEND, TOKEN, SEND]


@asynchronous
async def test_another_login_above_needs_another_token() -> None:
    above = await Above().begin()
    await above.reseller_send()
    patch = {"upstream_app_secret": "wrong"}
    await above.sessions.patch(above.session, "reseller", patch)
    assert await above.reseller_send() == {
        "code": 1105, "msg": "接口请求失败:access_token获取失败", "data": None,
    }  # fmt: skip
    assert await above.state() == (["reseller"], 1, 1)


@pytest.mark.parametrize(
    ("patch", "code", "reason"),
    [
        ({"quotas": {"account_per_day": 0}}, 1602, Reason.CODE_QUOTA_EXCEEDED),
        ({"balance": 0}, 1701, Reason.BALANCE_INSUFFICIENT),
        ({"enabled": False}, 1106, Reason.APP_DISABLED),
    ],
)
@asynchronous
async def test_what_the_account_above_is_refused_comes_back_and_charges_nobody(
    patch: dict[str, object], code: int, reason: Reason
) -> None:
    above = await Above().begin()
    await above.sessions.patch(above.session, "upstream", patch)
    balance = await above.session.store.balance("upstream")
    answer = await above.reseller_send(out_id="mine")
    assert answer == {"code": code, "msg": failure(reason).text, "data": None}
    assert (await above.state())[:2] == ([], 0)
    assert await above.session.store.balance("upstream") == balance


@asynchronous
async def test_a_fault_above_is_the_upstreams_and_not_the_officials() -> None:
    above = await Above().begin()
    above.session.faults.add(FaultSpec(provider="official", do="maintenance"))
    assert (await above.reseller_send())["code"] == 0
    above.session.faults.add(FaultSpec(provider="upstream", operation="send", do="rate_limited"))
    assert (await above.reseller_send())["code"] == 1601


@asynchronous
async def test_what_could_not_be_connected_was_not_sent() -> None:
    above = await Above().begin()
    above.before = {SEND: [REFUSED]}
    assert (await above.reseller_send())["code"] == 1901
    assert await above.state() == ([], 0, 0)
    assert above.paths == [TOKEN, SEND]


@pytest.mark.parametrize(
    "trouble",
    [LOST, TimeoutError(), REFUSED, HTML, RawReply(200, (), b'{"code":0,"msg":"","data":null}')],
    ids=["lost", "late", "refused", "html", "no token in it"],
)
@asynchronous
async def test_without_a_token_nothing_was_sent(trouble: Trouble) -> None:
    above = await Above().begin()
    above.after = {TOKEN: [trouble]}
    assert (await above.reseller_send())["code"] == 1901
    assert await above.state() == ([], 0, 0)


@pytest.mark.parametrize("trouble", [LOST, TimeoutError(), HTML], ids=["lost", "late", "html"])
@asynchronous
async def test_an_answer_that_is_lost_is_found_out_about(trouble: Trouble) -> None:
    above = await Above().begin()
    above.after = {SEND: [trouble]}
    assert (await above.reseller_send())["code"] == 1901
    await above.upstream.settled()
    assert await above.state() == (["reseller"], 1, 1)
    assert above.paths == [TOKEN, SEND, REPORT]


@pytest.mark.parametrize("trouble", [LOST, TimeoutError(), HTML], ids=["lost", "late", "html"])
@asynchronous
async def test_a_request_that_is_lost_is_found_out_about(trouble: Trouble) -> None:
    above = await Above().begin()
    above.before = {SEND: [trouble]}
    assert (await above.reseller_send())["code"] == 1901
    await above.upstream.settled()
    assert await above.state() == ([], 0, 0)


@asynchronous
async def test_finding_out_is_tried_again() -> None:
    above = await Above().begin()
    above.after = {SEND: [LOST], REPORT: [LOST, HTML, TimeoutError()]}
    await above.reseller_send()
    await above.upstream.settled()
    assert above.paths.count(REPORT) == 4
    assert await above.state() == (["reseller"], 1, 1)


@asynchronous
async def test_what_cannot_be_found_out_stays_open_until_it_can() -> None:
    """A guess would charge one side and not the other."""
    above = await Above().begin()
    above.after = {SEND: [LOST], REPORT: [HTML] * 20}
    await above.reseller_send()
    await above.upstream.settled()
    assert above.paths.count(REPORT) == 21
    assert await above.state() == (["reseller"], 1, 1)


@asynchronous
async def test_closing_gives_up_what_is_open() -> None:
    above = await Above().begin()
    above.after = {SEND: [LOST], REPORT: [HTML] * 10_000}
    await above.reseller_send()
    await above.upstream.close()
    assert await above.state() == ([], 1, 1)


@asynchronous
async def test_a_send_that_is_repeated_while_it_is_open_is_a_duplicate() -> None:
    above = await Above().begin()
    above.after = {SEND: [LOST]}
    await above.reseller_send(out_id="mine")
    assert (await above.reseller_send(out_id="mine"))["code"] == 1503
    await above.upstream.settled()
    assert (await above.reseller_send(out_id="mine"))["code"] == 1503
    assert await above.state() == (["reseller"], 1, 1)


@asynchronous
async def test_a_number_above_that_nobody_knows_is_an_upstream_failure_in_its_own_words() -> None:
    above = await Above().begin()
    above.after = {SEND: [RawReply(200, (), '{"code":99,"msg":"怪事"}'.encode())]}
    assert await above.reseller_send() == {"code": 1901, "msg": "怪事", "data": None}
