"""``clock``: a session's clock - look at it, set it, stop it, move it on."""

import re
from datetime import datetime, timedelta
from typing import Any

import click

from fakeproviders.cli.api import Api
from fakeproviders.cli.base import client_options, command
from fakeproviders.cli.lang import Lang
from fakeproviders.cli.show import Entry, json_line, visible
from fakeproviders.failures import Words

ACTIONS = ("show", "set", "freeze", "advance", "to")
DOES = Words(zh="查看或拨动会话的时钟。", en="Show or move a session's clock.")
MORE = Words(
    zh="限额、令牌、回执、故障时段都按会话的时钟走。ACTION 是 show（查看，默认）、set（拨到某个时间后继续走，"
    "set system 回到真实时间）、freeze（停在某个时间，不给则停在此刻）、advance（拨快一段时长）或 "
    "to（拨到将来的某个时间，midnight 为下一个零点）。时间写作 2026-01-31T09:00:00（北京时间），时长写作 90s、"
    "15m、1h30m、2d。\n\n拨快时，途中到期的事情依次发生，命令返回时都已完成。",
    en="Quotas, tokens, receipts and fault windows follow the session's clock. ACTION is show (the "
    "default), set (it runs on from a time; set system goes back to real time), freeze (it stands "
    "still at a time, or where it is), advance (by a duration) or to (a time to come; midnight is the next "
    "one). A time is written 2026-01-31T09:00:00 (Beijing time), a duration 90s, 15m, 1h30m or 2d."
    "\n\nWhatever is due on the way happens in order, and is done when the command returns.",
)
EXAMPLES = (
    "fakeproviders clock",
    "fakeproviders clock set 2026-01-31T23:59:00",
    "fakeproviders clock freeze",
    "fakeproviders clock advance 1h30m",
    "fakeproviders clock to midnight",
    "fakeproviders clock set system",
)
MODES = {
    "system": Words(zh="真实时间", en="real time"),
    "offset": Words(zh="走动", en="running"),
    "frozen": Words(zh="停住", en="frozen"),
}
SECONDS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?", re.ASCII)


def build(lang: Lang) -> click.Command:
    """The command in one language."""

    @command(lang, "clock", does=DOES, more=MORE, examples=EXAMPLES)
    @click.argument("action", type=click.Choice(ACTIONS), default="show", metavar="[ACTION]")
    @click.argument("value", required=False, metavar="[TIME]")
    @client_options(lang)
    @click.pass_context
    def clock(
        ctx: click.Context, /, action: str, value: str | None, *, session: str, control: str,
        token: str | None, as_json: bool,
    ) -> None:  # fmt: skip
        check_value(ctx, lang, action, value)
        seconds = duration(ctx, lang, value) if action == "advance" and value is not None else 0.0
        found = act(Api(control, session, token, lang), action, value, seconds)
        if as_json:
            json_line(found)
        else:
            click.echo(face(found, lang))

    return clock


def check_value(ctx: click.Context, lang: Lang, action: str, value: str | None) -> None:
    """``set``, ``advance`` and ``to`` need one, ``show`` takes none. Raises UsageError."""
    if value is None and action in {"set", "advance", "to"}:
        said = Words(
            zh=f"clock {action} 之后还缺一个值，如 {example(action)}。",
            en=f"clock {action} needs a value, say {example(action)}.",
        )
        ctx.fail(said[lang])
    if value is not None and action == "show":
        said = Words(zh=f"多余的参数 {value!r}。", en=f"{value!r} is one argument too many.")
        ctx.fail(said[lang])


def example(action: str) -> str:
    """A value that an action takes."""
    return {"advance": "1h", "to": "midnight"}.get(action, "2026-01-31T09:00:00")


def act(api: Api, action: str, value: str | None, seconds: float) -> dict[str, Any]:
    """Do it; the clock as it is then."""
    if action == "set":
        mode = {"mode": "system"} if value == "system" else {"mode": "offset", "at": value}
        return api.put("/clock", mode)
    if action == "freeze":
        return api.put("/clock", {"mode": "frozen", **({"at": value} if value else {})})
    if action == "advance":
        return api.post("/clock/advance", {"seconds": seconds})
    if action == "to":
        target = midnight(api.get("/clock")["now"]) if value == "midnight" else value
        return api.post("/clock/advance", {"to": target})
    return api.get("/clock")


def duration(ctx: click.Context, lang: Lang, text: str) -> float:
    """Seconds of ``1h30m`` and the like; a number alone is seconds. Raises UsageError."""
    found = DURATION.fullmatch(text)
    if not text or not found:
        said = Words(
            zh=f"{text!r} 不是时长，应形如 90s、15m、1h30m、2d。",
            en=f"{text!r} is no duration; write 90s, 15m, 1h30m or 2d.",
        )
        ctx.fail(said[lang])
    parts = zip(found.groups(), SECONDS.values(), strict=True)
    return sum(float(number) * seconds for number, seconds in parts if number)


def midnight(now: str) -> str:
    """The next one, in the zone of the clock."""
    moment = datetime.fromisoformat(now)
    start = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return (start + timedelta(days=1)).isoformat()


def face(found: Entry, lang: Lang) -> str:
    """What the clock shows, and how it goes."""
    mode = str(found.get("mode"))
    said = MODES[mode][lang] if mode in MODES else mode
    return visible(f"{found.get('now')}  {said}")
