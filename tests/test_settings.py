"""Settings: what may be set, and that a mistake names its field."""

from typing import Any

import pytest

from fakeproviders.providers.reseller.settings import ResellerSettings
from fakeproviders.providers.reseller.settings import demo_settings as reseller
from fakeproviders.sessions import BadSettings, patched
from fakeproviders.settings import Quotas, Template


@pytest.mark.parametrize(
    ("patch", "field"),
    [
        ({"nonsense": 1}, "nonsense"),
        ({"quotas": {"per_fortnight": 1}}, "quotas.per_fortnight"),
        ({"quotas": {"account_per_day": -1}}, "quotas.account_per_day"),
        ({"quotas": {"account_per_day": "5"}}, "quotas.account_per_day"),
        ({"signatures": [{"sign_key": "a"}]}, "signatures[0].signature"),
        ({"signatures": [{"signature": "【a】", "status": "maybe"}]}, "signatures[0].status"),
        ({"templates": [{"content": "a"}]}, "templates[0].template_id"),
        ({"ip_allow": ["10.0.0.1", "somewhere"]}, "ip_allow[1]"),
        ({"max_segments": 0}, "max_segments"),
        ({"price_per_segment": -1}, "price_per_segment"),
        ({"skew_seconds": 1e12}, "skew_seconds"),
        ({"balance": "much"}, "balance"),
        ({"balance": True}, "balance"),
        ({"upstream_timeout_seconds": 0}, "upstream_timeout_seconds"),
        ({"upstream": "elsewhere"}, "upstream"),
    ],
)
def test_a_mistake_names_its_field(patch: dict[str, Any], field: str) -> None:
    with pytest.raises(BadSettings) as raised:
        patched(reseller(), patch)
    assert raised.value.field == field
    assert raised.value.message


def test_a_patch_merges_objects_and_replaces_lists() -> None:
    first, _ = patched(
        reseller(), {"quotas": {"account_per_day": 5, "ip_per_day": 7}, "ip_allow": ["10.0.0.1"]}
    )
    second, _ = patched(first, {"quotas": {"account_per_day": 6}, "ip_allow": ["10.0.0.2"]})
    assert second.quotas == Quotas(account_per_day=6, ip_per_day=7)
    assert second.ip_allow == ["10.0.0.2"]


def test_null_takes_a_limit_away() -> None:
    limited, _ = patched(reseller(), {"quotas": {"account_per_day": 5}})
    free, _ = patched(limited, {"quotas": {"account_per_day": None}})
    assert free.quotas.account_per_day is None


def test_a_balance_goes_beside_the_settings() -> None:
    settings, balance = patched(reseller(), {"balance": 12})
    assert settings == reseller()
    assert balance == 12


def test_patching_leaves_the_old_settings_alone() -> None:
    old = reseller()
    patched(old, {"enabled": False, "quotas": {"account_per_day": 1}})
    assert old == reseller()


def test_settings_keep_their_type() -> None:
    settings, _ = patched(reseller(), {"upstream": "none"})
    assert isinstance(settings, ResellerSettings)
    assert not settings.forwards


def test_placeholders_are_the_names_in_braces() -> None:
    template = Template(template_id="1", content="{code}、{minutes}和{code}，{}、{a b}不算")
    assert template.placeholders() == {"code", "minutes"}
