import aiohttp
import pytest

from fakeproviders import Expectation, Session


async def send_sms(session: Session, mobile: str, text: str) -> str:
    erban = session.erban
    form = {
        "account": erban.account,
        "password": erban.password,
        "channel": erban.channel,
        "mobile": mobile,
        "content": f"{erban.signature}{text}",
    }
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{erban.url}/WebService/sms3.aspx", data=form) as reply,
    ):
        return await reply.text()


@pytest.mark.asyncio
async def test_a_lost_reply_is_still_a_message(fakeproviders_async: Session) -> None:
    session = fakeproviders_async
    await session.erban.fail("reply_lost", times=1)
    with pytest.raises(aiohttp.ClientError):
        await send_sms(session, "13800138000", "验证码482915")
    assert await session.inbox.wait_for_code("13800138000") == "482915"
    await session.verify(Expectation(provider="erban", operation="send", count=1), strict=True)
