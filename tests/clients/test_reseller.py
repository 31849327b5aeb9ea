"""The client of the reseller: what it asks."""

from hashlib import md5

from fakeproviders.clients.answer import Answer
from fakeproviders.clients.reseller import Member, ResellerClient
from tests.asyncs import asynchronous
from tests.clients.http import answering
from tests.core import NOON

WHO = Member("10001", "demo-api-key")
OK = b'{"code": 0, "msg": "success", "data": {"balance": 5}}'


def proved(fields: dict[str, str]) -> str:
    text = "&".join(f"{name}={value}" for name, value in sorted(fields.items()))
    return md5(f"{text}&key=demo-api-key".encode()).hexdigest().upper()


@asynchronous
async def test_each_call_is_signed_and_goes_below_the_home_page() -> None:
    http = answering(OK)
    client = ResellerClient(http.session(), "http://127.0.0.1:9402/@abc/", now=lambda: NOON)
    await client.send(WHO, {"mobile": "13800138000"})
    await client.report(WHO, out_id="a")
    assert await client.balance(WHO) == Answer(0, "success", {"balance": 5})
    gate = {"member_id": "10001", "timestamp": "2024-05-06 12:00:00"}
    base = "http://127.0.0.1:9402/@abc/api/sms/"
    sent, reported, balance = gate | {"mobile": "13800138000"}, gate | {"out_id": "a"}, gate
    assert [(a.method, a.url, a.json or a.params) for a in http.asked] == [
        ("POST", base, sent | {"sign": proved(sent)}),
        ("GET", f"{base}report", reported | {"sign": proved(reported)}),
        ("GET", f"{base}balance", balance | {"sign": proved(balance)}),
    ]
