"""The ledger over the control API: begun, read, ended, and gone with a reset."""

from tests.e2e.clients import MOBILE, send, send_well
from tests.e2e.world import World


def test_a_run_is_counted_from_its_beginning_to_its_end(world: World) -> None:
    send_well(world, "official")
    began = world.control.post(f"{world.path}/ledger", {"name": "checkout"})
    assert (began["name"], began["running"], began["doors"]) == ("checkout", True, [])
    world.patch("official", quotas={"mobile_per_minute": 2})
    for out_id in ("1", "2", "3"):
        send(world, "official", out_id=out_id, params={"code": f"100{out_id}", "minutes": "5"})
    ended = world.control.post(f"{world.path}/ledger/end")
    send(world, "official", mobile="13900000001")
    assert world.control.get(f"{world.path}/ledger") == ended
    (door,) = (door for door in ended["doors"] if door["operation"] == "send")
    assert (door["provider"], door["attempts"], door["accepted"]) == ("official", 3, 1)
    assert door["refused"] == {"mobile_minute_limit": 2}
    (limit,) = ended["limits"]
    assert (limit["bucket"], limit["over"], limit["short"]) == ("mobile_per_minute", 0, 0)
    assert [e["mobile"] for e in ended["examples"] if e["kind"] == "early"] == [MOBILE]
    assert ended["running"] is False


def test_what_the_reseller_forwards_is_no_clients_message(world: World) -> None:
    world.control.post(f"{world.path}/ledger")
    send_well(world, "reseller")
    told = world.control.get(f"{world.path}/ledger")
    assert {door["provider"] for door in told["doors"]} == {"reseller", "upstream"}
    assert told["clients"]["messages"] == 1
    assert sum(slot["attempts"] for slot in told["series"]["slots"]) == 1


def test_another_run_begins_with_nothing(world: World) -> None:
    world.control.post(f"{world.path}/ledger", {"name": "one"})
    send_well(world, "official")
    assert world.control.post(f"{world.path}/ledger", {"name": "two"})["doors"] == []


def test_a_reset_forgets_the_run(world: World) -> None:
    world.control.post(f"{world.path}/ledger")
    world.control.post(f"{world.path}/reset")
    assert world.control.call("GET", f"{world.path}/ledger").status == 404
