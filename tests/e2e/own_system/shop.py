"""A bookshop: people join and sign in with a texted code. Pages in English, forms, and its own words.

GET  /                the forms
POST /join/text-me    tel, for=join|sign-in|reset   -> a page with a notice
POST /door            tel, digits, for              -> sent on to /welcome, or a page with a notice
PUT  /office/config   JSON, the whole of it         -> 204
POST /office/forget   the gateway's token is forgotten, sent on to /
GET  /office/asked    a table of who asked for codes
"""

import asyncio
import secrets
from html import escape
from typing import Any

from aiohttp import web

from tests.e2e.own_system import gateways

SORRY = {
    gateways.SETUP: "Texting is not set up yet. Please call us.",
    "接口请求失败:access_token获取失败": "Our text gateway does not let us in.",
    "access_token无效或已过期": "Our text gateway does not let us in.",
    "签名数据不一致": "Our texts carry a name that the gateway does not know us by.",
    "短信签名未找到, 请提交签名审核通过后重试": "The name on our texts is not approved yet.",
    "模板编号不能为空": "This text has no template.",
    "请求参数不存在": "The gateway misses something in what we sent.",
    "page 404": "The gateway's address leads nowhere.",
    "no answer": "The text gateway is not there.",
    "手机号码格式不正确": "That is no mobile number.",
    "手机号码在黑名单中": "This number does not want texts.",
    "账户余额不足, 请充值后重试": "We have run out of texts.",
    "应用已停用, 请联系客服": "The gateway has closed our account.",
    "当前IP不在白名单内": "The gateway does not know this machine.",
    "短信模板不存在": "The gateway does not have our template.",
    "短信模板未审核通过": "Our template is not approved yet.",
    "该手机号码每分钟发送次数已达上限": "One text a minute, please.",
    "该手机号码每小时发送次数已达上限": "That is enough for an hour.",
    "该手机号码当日发送次数已达上限": "That is enough for today.",
    "账号或密钥错误": "Our text gateway does not know our password.",
    "会员ID或接口密钥错误": "Our text gateway does not know our password.",
    "短信内容含有敏感词": "The gateway does not like a word of it.",
    "短信内容超出长度限制": "That is too long for a text.",
    "请求过于频繁, 请稍后再试": "Too many people ask at once. Try again in a second.",
    "系统维护中, 暂停发送": "The text gateway is being mended.",
    "系统内部错误": "The text gateway has a problem.",
    "上游通道不可用, 请稍后再试": "The text gateway has a problem.",
}
ENOUGH = "You have asked for too many codes. Try again later."
PAGE = """<!doctype html><html lang="en"><head><title>Harbour Books</title></head><body>
<h1>Harbour Books</h1>{}
<form method="post" action="/join/text-me"><input name="tel"><input name="for" value="join">
<input type="hidden" name="ticket" value="{}"><button>Text me a code</button></form>
</body></html>"""
CONFIG: web.AppKey[dict[str, Any]] = web.AppKey("config", dict)
MEMORY: web.AppKey["Memory"] = web.AppKey("memory")


class Memory:
    """What the shop remembers."""

    def __init__(self) -> None:
        self.cupboard: dict[str, str] = {}
        self.codes: dict[tuple[str, str], str] = {}
        self.asked: list[tuple[str, str]] = []
        self.tickets: set[str] = set()

    def clear(self) -> None:
        for part in (self.cupboard, self.codes, self.asked, self.tickets):
            part.clear()


def shop() -> web.Application:
    """The whole shop, not set up."""
    app = web.Application()
    app[CONFIG] = {}
    app[MEMORY] = Memory()
    app.add_routes(
        [
            web.get("/", front), web.post("/join/text-me", text_me), web.post("/door", door),
            web.get("/welcome", welcome), web.put("/office/config", configure),
            web.post("/office/forget", forget), web.get("/office/asked", asked),
        ]
    )  # fmt: skip
    return app


async def front(request: web.Request) -> web.Response:
    return page(request, "")


async def text_me(request: web.Request) -> web.Response:
    form, memory, config = await request.post(), request.app[MEMORY], request.app[CONFIG]
    phone, purpose = str(form["tel"]), str(form["for"])
    if str(form.get("ticket")) not in memory.tickets:
        return page(request, notice("bad", "This page is too old. Please reload it."))
    memory.tickets.discard(str(form["ticket"]))
    most = config["most_codes"]
    if most is not None and memory.asked.count((phone, "sent")) >= most:
        memory.asked.append((phone, "too many"))
        return page(request, notice("bad", ENOUGH))
    code = f"{secrets.randbelow(10**6):06}"
    try:
        await asyncio.to_thread(gateways.send, config, memory.cupboard, phone, code)
    except gateways.NotSent as error:
        memory.asked.append((phone, "not sent"))
        sorry = SORRY.get(str(error), f"We could not text you: {error}")
        return page(request, notice("bad", sorry))
    memory.asked.append((phone, "sent"))
    memory.codes[phone, purpose] = code
    return page(request, notice("good", "A code is on its way to you."))


async def door(request: web.Request) -> web.Response:
    form, codes = await request.post(), request.app[MEMORY].codes
    key = (str(form["tel"]), str(form["for"]))
    if codes.get(key) != form["digits"]:
        return page(request, notice("bad", "These are not the digits that we sent."))
    del codes[key]
    raise web.HTTPSeeOther("/welcome")


async def welcome(request: web.Request) -> web.Response:
    return page(request, notice("good", "Welcome aboard."))


async def configure(request: web.Request) -> web.Response:
    request.app[CONFIG].clear()
    request.app[CONFIG].update(await request.json())
    if request.query.get("start") == "afresh":
        request.app[MEMORY].clear()
    return web.Response(status=204)


async def forget(request: web.Request) -> web.Response:
    request.app[MEMORY].cupboard.clear()
    raise web.HTTPSeeOther("/")


async def asked(request: web.Request) -> web.Response:
    phone = request.query["tel"]
    rows = [result for who, result in request.app[MEMORY].asked if who == phone]
    cells = "".join(f"<tr><td>{escape(phone)}</td><td class=end>{end}</td></tr>" for end in rows)
    return page(request, f"<table>{cells}</table>")


def page(request: web.Request, content: str) -> web.Response:
    ticket = secrets.token_hex(8)
    request.app[MEMORY].tickets.add(ticket)
    return web.Response(text=PAGE.format(content, ticket), content_type="text/html")


def notice(kind: str, text: str) -> str:
    return f'<p class="notice {kind}">{escape(text)}</p>'
