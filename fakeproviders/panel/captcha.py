"""行为验证码, the behaviour captcha: slide a piece to the gap. A challenge is good for one try."""

import secrets
from typing import Annotated

import msgspec

from fakeproviders.failures import Words
from fakeproviders.panel.clock import Clock
from fakeproviders.panel.database import Database
from fakeproviders.panel.declined import Declined

WIDTH, HEIGHT, PIECE, TOLERANCE = 320, 160, 44, 4
"""Pixels."""
GOOD_SECONDS = 300.0
NEEDED = Words(zh="请先完成行为验证", en="solve the behaviour captcha first")
WRONG = Words(zh="行为验证未通过，请重试", en="the behaviour captcha was not solved; try again")
_SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">
<defs><linearGradient id="sky" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#7fb2d9"/>\
<stop offset="1" stop-color="#d98f7f"/></linearGradient></defs>
<rect width="{width}" height="{height}" fill="url(#sky)"/>
<rect class="gap" x="{x}" y="{y}" width="{piece}" height="{piece}" rx="6" fill="#1b2733" fill-opacity="0.65"/>
</svg>"""


class Challenge(msgspec.Struct, frozen=True):
    """A picture with a gap; the piece belongs at the gap's left edge, give or take ``tolerance``."""

    id: str
    image: str
    """SVG; the gap is the ``rect`` of class ``gap``."""
    width: int = WIDTH
    height: int = HEIGHT
    piece: int = PIECE
    tolerance: int = TOLERANCE


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where somebody has put the piece: pixels from the left."""

    id: Annotated[str, msgspec.Meta(max_length=64)]
    position: float


class Captchas:
    """One tenant's challenges."""

    def __init__(self, database: Database, tenant: str, clock: Clock) -> None:
        self._database = database
        self._tenant = tenant
        self._clock = clock

    async def challenge(self) -> Challenge:
        """A new one."""
        # Clear of the left edge, where the piece starts.
        position = 2 * PIECE + secrets.randbelow(WIDTH - 3 * PIECE)
        y = secrets.randbelow(HEIGHT - PIECE)
        image = _SVG.format(width=WIDTH, height=HEIGHT, piece=PIECE, x=position, y=y)
        challenge = Challenge(secrets.token_hex(12), image)
        now = (await self._clock.now()).timestamp()
        async with self._database.transaction() as transaction:
            await transaction.change(
                "DELETE FROM captchas WHERE tenant = ? AND abs(? - at) > ?",
                self._tenant, now, GOOD_SECONDS,
            )  # fmt: skip
            await transaction.change(
                "INSERT INTO captchas (tenant, id, position, at) VALUES (?, ?, ?, ?)",
                self._tenant, challenge.id, position, now,
            )  # fmt: skip
        return challenge

    async def solve(self, answer: Answer | None) -> None:
        """Use a challenge up. Raises Declined unless the answer is right."""
        if answer is None:
            raise Declined(NEEDED)
        async with self._database.transaction() as transaction:
            row = await transaction.row(
                "SELECT position, at FROM captchas WHERE tenant = ? AND id = ?",
                self._tenant, answer.id,
            )  # fmt: skip
            await transaction.change(
                "DELETE FROM captchas WHERE tenant = ? AND id = ?", self._tenant, answer.id
            )
        now = (await self._clock.now()).timestamp()
        if (
            row is None
            or abs(now - row["at"]) > GOOD_SECONDS
            or not abs(answer.position - row["position"]) <= TOLERANCE
        ):
            raise Declined(WRONG)
