"""Does the shop's code sender get through? Every test asks in a session of its own."""

import pytest

from fakeproviders import Expectation, SyncSession
from tests.examples.channels import Official, Reseller
from tests.examples.codes import CodeSender, NotSent, Unclear

ANN, BOB = "13800138000", "13900139000"


class Shop:
    """The code sender as the shop sets it up, with pauses that are written down instead of waited."""

    def __init__(self, session: SyncSession) -> None:
        official, reseller = session.official, session.reseller
        self.pauses: list[float] = []
        self.sender = CodeSender(
            [
                Official(
                    official.url, official.app_id, official.app_secret,
                    official.sign_key, official.signature, official.template_id, timeout=2,
                ),
                Reseller(
                    reseller.url, reseller.member_id, reseller.api_key,
                    reseller.sign_key, reseller.signature, reseller.template_id, timeout=2,
                ),
            ],
            sleep=self.pauses.append,
        )  # fmt: skip

    def send(self, mobile: str = ANN, code: str = "482915") -> str:
        """The channel that took it."""
        return self.sender.send(mobile, code)


@pytest.fixture
def shop(fakeproviders: SyncSession) -> Shop:
    return Shop(fakeproviders)


# --- when all is well -----------------------------------------------------------------------------


def test_the_code_arrives(shop: Shop, fakeproviders: SyncSession) -> None:
    shop.send(ANN, "482915")
    assert fakeproviders.inbox.wait_for_code(ANN) == "482915"


def test_the_message_bears_our_signature(shop: Shop, fakeproviders: SyncSession) -> None:
    shop.send()
    message = fakeproviders.inbox.wait_for_message(ANN)
    assert message.content.startswith(fakeproviders.official.signature)


def test_everybody_gets_his_own_code(shop: Shop, fakeproviders: SyncSession) -> None:
    shop.send(ANN, "111111")
    shop.send(BOB, "222222")
    assert fakeproviders.inbox.wait_for_code(BOB) == "222222"
    assert fakeproviders.inbox.wait_for_code(ANN) == "111111"


def test_one_token_serves_many_codes(shop: Shop, fakeproviders: SyncSession) -> None:
    for number in range(5):
        shop.send(f"1380013800{number}")
    fakeproviders.verify(
        Expectation(operation="token", count=1), Expectation(operation="send", count=5)
    )


def test_a_token_that_has_expired_is_renewed(shop: Shop, fakeproviders: SyncSession) -> None:
    shop.send()
    fakeproviders.clock.advance(hours=3)
    assert shop.send() == "official"
    fakeproviders.verify(Expectation(operation="token", count=2))


# --- when a provider is busy ----------------------------------------------------------------------


def test_a_busy_provider_is_asked_again(shop: Shop, fakeproviders: SyncSession) -> None:
    fakeproviders.official.fail("rate_limited", operation="send", times=1)
    assert shop.send() == "official"


def test_the_pauses_grow(shop: Shop, fakeproviders: SyncSession) -> None:
    fakeproviders.official.script("rate_limited x2, ok", operation="send")
    shop.send()
    assert shop.pauses == [0.5, 1.0]


def test_the_reseller_takes_over_from_one_that_stays_busy(
    shop: Shop, fakeproviders: SyncSession
) -> None:
    fakeproviders.official.fail("rate_limited", operation="send", times=3)
    assert shop.send() == "reseller"
    assert fakeproviders.inbox.wait_for_code(ANN) == "482915"


# --- when a provider is out of service ------------------------------------------------------------


def test_the_reseller_takes_over_when_the_money_is_spent(
    shop: Shop, fakeproviders: SyncSession
) -> None:
    fakeproviders.official.configure(balance=0)
    assert shop.send() == "reseller"
    assert shop.pauses == []


def test_the_reseller_takes_over_when_the_account_is_closed(
    shop: Shop, fakeproviders: SyncSession
) -> None:
    fakeproviders.official.configure(enabled=False)
    assert shop.send() == "reseller"


def test_the_reseller_takes_over_when_our_secret_is_out_of_date(
    shop: Shop, fakeproviders: SyncSession
) -> None:
    fakeproviders.official.configure(app_secret="a new one")
    assert shop.send() == "reseller"


@pytest.mark.fakeproviders(clock="2026-01-01T02:00:00")
def test_after_the_maintenance_the_official_api_is_back(
    shop: Shop, fakeproviders: SyncSession
) -> None:
    fakeproviders.official.fail("maintenance", until="+30m")
    assert shop.send() == "reseller"
    fakeproviders.clock.advance(minutes=30)
    assert shop.send() == "official"


@pytest.mark.fakeproviders(dedicated_ports=True)
def test_the_reseller_takes_over_when_nobody_listens(
    shop: Shop, fakeproviders: SyncSession
) -> None:
    fakeproviders.official.fail("refuse")
    assert shop.send() == "reseller"


def test_when_both_are_down_we_say_so(shop: Shop, fakeproviders: SyncSession) -> None:
    fakeproviders.inject({"provider": "*", "do": "maintenance"})
    with pytest.raises(NotSent, match=r"official: 系统维护中.*reseller: 系统维护中"):
        shop.send()
    assert fakeproviders.inbox.messages() == []


# --- when the request itself is wrong -------------------------------------------------------------


def test_a_wrong_number_is_not_tried_elsewhere(shop: Shop, fakeproviders: SyncSession) -> None:
    with pytest.raises(NotSent, match="手机号码格式不正确"):
        shop.send("12345")
    fakeproviders.verify(Expectation(provider="reseller", count=0))


@pytest.mark.fakeproviders(
    clock="2026-01-01T23:59:00", providers={"official": {"quotas": {"mobile_per_day": 1}}}
)
def test_one_code_a_day_until_midnight_in_beijing(shop: Shop, fakeproviders: SyncSession) -> None:
    shop.send()
    with pytest.raises(NotSent, match="当日发送次数已达上限"):
        shop.send()
    fakeproviders.clock.advance(minutes=1)
    assert shop.send() == "official"


# --- when a reply is lost -------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["reply_lost", "malformed", {"reset": {"after_bytes": 40}}])
def test_a_lost_reply_sends_no_second_code(
    shop: Shop, fakeproviders: SyncSession, fault: str | dict[str, object]
) -> None:
    fakeproviders.official.fail(fault, operation="send", times=1)
    assert shop.send() == "official"
    assert len(fakeproviders.inbox.messages(ANN)) == 1
    official = fakeproviders.official.settings()
    assert official["balance"] == 999_999_999


@pytest.mark.parametrize("then", ["empty x2", "rate_limited x2", "maintenance"])
def test_what_stays_unclear_is_not_sent_elsewhere(
    shop: Shop, fakeproviders: SyncSession, then: str
) -> None:
    fakeproviders.official.script(f"reply_lost, {then}", operation="send")
    with pytest.raises(Unclear):
        shop.send()
    assert len(fakeproviders.inbox.messages(ANN)) == 1
