"""The outbox in the session's inbox: what the panel sends by other ways than SMS is read there too."""

import threading
from typing import Any

import pytest

from tests.e2e.world import World
from tests.panel.driving import MOBILE, Panel

MAIL = "li@example.com"


def letters(world: World, **query: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page(world, **query)["outbox"]
    return found


def page(world: World, **query: object) -> dict[str, Any]:
    whole: dict[str, Any] = world.control.get(f"{world.path}/outbox", **query)
    return whole


def test_letters_are_in_the_sessions_inbox_with_their_codes(world: World, panel: Panel) -> None:
    panel.code("find_password_code", email=MAIL)
    panel.post("/operations/admin_login", {"mobile": MOBILE, "email": MAIL})
    first, second, third = letters(world)
    [sms] = world.messages()
    assert (first["kind"], first["recipient"]) == ("mail", MAIL)
    assert (first["title"], first["code"]) == ("找回密码验证码", sms["code"])
    assert (second["kind"], third["kind"], third["code"]) == ("mail", "wechat", None)
    assert letters(world, kind="wechat") == [third]
    assert letters(world, recipient=MAIL) == [first, second]
    assert letters(world, limit=1) == [third]


def test_a_cursor_goes_on_where_it_was(world: World, panel: Panel) -> None:
    cursor = page(world)["cursor"]
    for number in range(3):
        panel.code("change_email_code", f"1380013800{number}", email=MAIL)
    found = page(world, cursor=cursor, limit=2)
    assert len(found["outbox"]) == 2
    assert len(letters(world, cursor=found["cursor"])) == 1


def test_the_first_letter_can_be_waited_for(world: World, panel: Panel) -> None:
    found: list[dict[str, Any]] = []
    waiting = threading.Thread(target=lambda: found.extend(letters(world, wait=10, kind="mail")))
    waiting.start()
    panel.code("change_email_code", email=MAIL)
    waiting.join(15)
    assert [letter["recipient"] for letter in found] == [MAIL]
    assert letters(world, wait=0.05, kind="site") == []


def test_looking_makes_no_panel(world: World) -> None:
    assert letters(world) == []
    world.patch("reseller", api_key="changed")
    panel = Panel(world.session["panel"]["url"])
    panel.set(sms={"channel": "reseller"})
    panel.test("reseller")  # installed only now, with the credentials as they are now


def test_a_reset_empties_it(world: World, panel: Panel) -> None:
    panel.code("change_email_code", email=MAIL)
    cursor = page(world)["cursor"]
    world.control.post(f"{world.path}/reset")
    assert letters(world) == []
    panel.code("change_email_code", email=MAIL)
    assert len(letters(world, cursor=cursor)) == 1, "no id is given twice"


@pytest.mark.parametrize("query", ["kind=sms", "kind=", "limit=0", "colour=red", "wait=61"])
def test_what_cannot_be_asked(world: World, query: str) -> None:
    assert world.control.call("GET", f"{world.path}/outbox?{query}").status == 422
