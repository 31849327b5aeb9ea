"""An account's look-ups, and the reseller's own account above."""

from msgspec import structs

from fakeproviders.account import UPSTREAM, Account
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.providers.official.settings import OfficialSettings, demo_settings
from fakeproviders.settings import Signature, Template


def official(**changed: object) -> Account:
    return Account("official", OFFICIAL, structs.replace(demo_settings(), **changed))


def above(own: OfficialSettings | None = None) -> Account:
    settings = own or OfficialSettings(
        app_id="up", app_secret="secret", signatures=None, templates=None
    )
    return Account(UPSTREAM, OFFICIAL, settings, fallback=official())


def test_an_account_lets_everybody_in_without_a_list() -> None:
    assert official().lets_in("10.0.0.1")
    assert official().lets_in("")


def test_a_list_lets_in_addresses_and_networks() -> None:
    account = official(ip_allow=["10.0.0.1", "192.168.0.0/16", "2001:db8::/32"])
    allowed = ["10.0.0.1", "192.168.3.4", "2001:db8::5"]
    assert [account.lets_in(ip) for ip in allowed] == [True, True, True]
    others = ["10.0.0.2", "2001:db9::5", "", "nowhere"]
    assert [account.lets_in(ip) for ip in others] == [False] * 4


def test_an_empty_list_lets_nobody_in() -> None:
    assert not official(ip_allow=[]).lets_in("10.0.0.1")


def test_new_settings_are_in_force_at_once() -> None:
    account = official()
    account.put(
        structs.replace(
            demo_settings(), app_id="other", app_secret="changed", mobile_blacklist=["13800000009"]
        )
    )
    assert (account.id, account.secret) == ("other", "changed")
    assert account.blacklist == {"13800000009"}


def test_signatures_and_templates_are_found() -> None:
    account = official()
    signature = account.signature("demo-sign")
    assert signature is not None
    assert account.signature_by_text("【演示签名】") is signature
    assert account.template("1001") is account.templates()[0]
    assert account.signature("other") is None
    assert account.template("other") is None


def test_the_account_above_borrows_what_the_reseller_has_registered() -> None:
    account = above()
    assert [s.sign_key for s in account.signatures()] == ["demo-sign"]
    assert [t.template_id for t in account.templates()] == ["1001"]
    assert account.signature("demo-sign") is not None
    assert account.signature_by_text("【演示签名】") is not None
    assert account.template("1001") is not None
    assert not account.listed


def test_the_account_above_may_have_its_own() -> None:
    own = OfficialSettings(
        app_id="up",
        app_secret="secret",
        signatures=[Signature(sign_key="own", signature="【自有】")],
        templates=[Template(template_id="2", content="x")],
    )
    account = above(own)
    assert account.signature("demo-sign") is None
    assert account.signature("own") is not None
    assert account.template("1001") is None


def test_an_account_without_a_lender_has_nothing_to_borrow() -> None:
    account = official(signatures=None, templates=None)
    assert account.signatures() == []
    assert account.templates() == []


def test_what_is_pending_is_approved_by_time_when_the_account_says_so() -> None:
    pending = Signature(signature="【a】", status="pending", submitted_at=1000.0)
    account = official(approve_after_seconds=60.0)
    assert account.status(pending, 1059.9) == "pending"
    assert account.status(pending, 1060.0) == "approved"
    assert official().status(pending, 1e9) == "pending"


def test_only_what_was_submitted_is_approved_by_time() -> None:
    account = official(approve_after_seconds=0.0)
    assert account.status(Signature(signature="【a】", status="pending"), 1e9) == "pending"
    rejected = Signature(signature="【a】", status="rejected", submitted_at=0.0)
    assert account.status(rejected, 1e9) == "rejected"
