"""Settings: drafts and 保存设置, and what cannot be entered."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.panel.declined import Declined
from fakeproviders.panel.desk import changed
from fakeproviders.panel.settings import GROUPS, Group, Time
from tests.e2e.world import World
from tests.panel.driving import Panel

ABOVE = {"url": "https://www.example.com:8443/a", "member_id": "7"}


def settings(panel: Panel, group: str) -> dict[str, Any]:
    found: dict[str, Any] = panel.get(f"/settings/{group}")
    return found


def test_a_fresh_installation_has_the_sessions_credentials(world: World, panel: Panel) -> None:
    sms = settings(panel, "sms")["saved"]
    assert sms["channel"] == "official"
    for block, fields in {
        "official": ("app_id", "sign_key", "signature"),
        "reseller": ("url", "member_id", "sign_key", "signature"),
        "erban": ("account", "login_password", "auth_code", "channel", "signature"),
    }.items():
        assert {name: sms[block][name] for name in fields} == {
            name: world.session[block][name] for name in fields
        }
    interface = settings(panel, "interface")["saved"]
    assert interface == {name: world.official[name] for name in ("url", "app_id", "app_secret")}


def test_changes_come_together_in_a_draft(panel: Panel) -> None:
    panel.enter(member={"codes_per_hour": 3})
    panel.enter(member={"codes_per_day": 4})
    whole = settings(panel, "member")
    assert whole["saved"] == {"codes_per_hour": 10, "codes_per_day": 20}
    assert whole["draft"] == {"codes_per_hour": 3, "codes_per_day": 4}
    assert panel.post("/settings/save") == {"saved": ["member"]}
    assert settings(panel, "member") == {"group": "member", "saved": whole["draft"], "draft": None}
    assert panel.post("/settings/save") == {"saved": []}


def test_a_draft_may_be_discarded(panel: Panel) -> None:
    panel.enter(member={"codes_per_hour": 3}, captcha={"enabled": True})
    assert panel.post("/settings/discard") == {"discarded": ["captcha", "member"]}
    assert panel.post("/settings/save") == {"saved": []}
    assert settings(panel, "captcha")["saved"] == {"enabled": False}


def test_what_is_shown_can_be_put_back(panel: Panel) -> None:
    for group in GROUPS:
        panel.enter(**{group: settings(panel, group)["saved"]})
    panel.post("/settings/save")
    panel.set(sms={"channel": "reseller"})
    panel.test("reseller")


BAD: list[tuple[str, object, str]] = [
    ("sms", {"channel": "carrier"}, "channel"),
    ("sms", {"official": {"colour": "red"}}, "official.colour"),
    ("sms", {"official": None}, "official"),
    ("sms", {"official": {"signature": "【甲】\n"}}, "official.signature"),
    ("sms", {"official": {"signature": "x" * 501}}, "official.signature"),
    ("sms", {"reseller": {"url": "www.example.com"}}, "reseller.url"),
    ("sms", {"reseller": {"url": "http://h/?a=1"}}, "reseller.url"),
    ("sms", {"reseller": {"url": "http://h:0"}}, "reseller.url"),
    ("sms", {"reseller": {"url": "http://h:99999"}}, "reseller.url"),
    ("sms", {"reseller": {"url": "http://u:p@h"}}, "reseller.url"),
    ("sms", {"templates": {"nonsense": {}}}, "templates.nonsense"),
    ("sms", {"templates": {"test": {"content": 5}}}, "templates.test.content"),
    ("sms", {"templates": {"login": None}}, "templates.login"),
    ("interface", {"url": "ftp://h"}, "url"),
    ("member", {"codes_per_hour": -1}, "codes_per_hour"),
    ("member", {"codes_per_day": "5"}, "codes_per_day"),
    ("time", {"zone": "Asia/Shanghai"}, "zone"),
    ("time", {"zone": "+15:00"}, "zone"),
    ("time", {"offset_seconds": 1e300}, "offset_seconds"),
    ("captcha", {"enabled": 1}, "enabled"),
    ("sending", {"failover": "carrier"}, "failover"),
    ("sending", {"timeout_seconds": 0}, "timeout_seconds"),
    ("sending", {"retries": 11}, "retries"),
]


@pytest.mark.parametrize(("group", "values", "field"), BAD, ids=str)
def test_what_does_not_fit_is_named(panel: Panel, group: str, values: object, field: str) -> None:
    for lang in ("zh", "en"):
        reply = panel.call("PUT", f"/settings/{group}", values, {"Accept-Language": lang})
        whole = reply.json()
        assert (reply.status, whole["failure"]) == (422, None)
        [error] = whole["errors"]
        assert error["field"] == field
        assert error["message"] in whole["error"]
        assert error["message"].isascii() == (lang == "en")
    assert settings(panel, group)["draft"] is None


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/settings/colour"), ("PUT", "/settings/colour")]
)
def test_there_is_no_other_group(panel: Panel, method: str, path: str) -> None:
    reply = panel.call(method, path, {} if method == "PUT" else None)
    assert reply.status == 404
    assert "colour" in reply.json()["error"]


def test_a_reset_puts_anything_in_force(world: World, panel: Panel) -> None:
    panel.set(sms={"channel": "reseller"})
    panel.test("reseller")
    wanted = {
        "settings": {"sms": {"reseller": {**ABOVE, "api_key": ""}}, "time": {"zone": "+00:00"}},
        "drafts": {"sms": {"channel": "erban"}},
        "notifications": {"login": {"row": False}},
    }
    assert panel.post("/reset", wanted) == {"reset": True}
    sms = settings(panel, "sms")
    assert (sms["saved"]["channel"], sms["draft"]["channel"]) == ("official", "erban")
    assert sms["saved"]["reseller"].items() >= ABOVE.items()
    assert sms["secrets"] == {"reseller.api_key": False}
    assert settings(panel, "time")["saved"]["zone"] == "+00:00"
    assert panel.get("/notifications")["notifications"]["login"]["row"] is False
    assert panel.messages() == []


BAD_RESETS: list[tuple[object, str]] = [
    ({"colour": {}}, "colour"),
    ({"settings": {"sms": {"channel": 1}}}, "settings.sms.channel"),
    ({"drafts": {"time": {"zone": "x"}}}, "drafts.time.zone"),
    ({"notifications": {"login": {"row": 5}}}, "login.row"),
    ({"settings": {"sms": 5}}, "settings[...]"),
]


@pytest.mark.parametrize(("wanted", "field"), BAD_RESETS, ids=str)
def test_a_bad_reset_changes_nothing(panel: Panel, wanted: object, field: str) -> None:
    panel.test()
    reply = panel.call("POST", "/reset", wanted)
    assert reply.status == 422
    assert reply.json()["errors"][0]["field"] == field
    assert len(panel.messages()) == 1


def test_the_clock_is_written_in_its_zone(panel: Panel) -> None:
    panel.set(time={"zone": "-05:30", "offset_seconds": 90})
    shown = panel.get("/time")
    assert shown["now"].endswith("-05:30")
    assert shown["beijing"].endswith("+08:00")
    assert (
        Time(zone="-05:30", offset_seconds=60).moment(0).isoformat() == "1969-12-31T18:31:00-05:30"
    )


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_whatever_is_entered_either_fits_or_is_refused(data: st.DataObject) -> None:
    kind: type[Group] = data.draw(st.sampled_from(list(GROUPS.values())))
    names = st.sampled_from(kind.__struct_fields__) | st.text(max_size=5)
    patch = data.draw(st.dictionaries(names, JSON_VALUES, max_size=3))
    try:
        found = changed(kind(), patch)
    except Declined as declined:
        [misfit] = declined.fields
        assert not misfit.field or any(misfit.field.startswith(name) for name in patch)
        return
    encoded = msgspec.json.encode(found)
    assert msgspec.json.decode(encoded, type=kind) == found


@given(st.text(max_size=12) | st.from_regex(r"[+-]\d\d:\d\d", fullmatch=True))
def test_a_zone_is_a_distance_from_utc_or_refused(text: str) -> None:
    try:
        zone = Time(zone=text)
    except ValueError:
        return
    assert zone.moment(0).isoformat()[-6:] == text.replace("-00:00", "+00:00")
