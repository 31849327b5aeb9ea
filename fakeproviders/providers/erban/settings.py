"""An Erban account: 门牌号, login password, 授权码 and the channels it may send by."""

from typing import Literal

import msgspec

from fakeproviders.providers.erban.proof import Secret, digest
from fakeproviders.settings import AccountSettings, Invention, Signature


class ErbanSettings(AccountSettings, kw_only=True):
    """The account's credentials and the language of what the service says."""

    account: str = "80000001"
    """门牌号, digits."""
    login_password: str = "demo-password"  # noqa: S105 - the fixed account of the default session
    auth_code: str = "demo-auth-code"
    """授权码."""
    channels: list[str] = msgspec.field(default_factory=lambda: ["8000000101"])
    """通道编号: the account and two digits."""
    page_lang: Literal["zh", "en"] | None = None
    """None: the request's Accept-Language decides, and Chinese without one."""

    @property
    def known_channels(self) -> list[str]:
        """The channels that a send may name."""
        return self.channels

    @property
    def secret(self) -> Secret:
        """The text whose digest is the ``password``."""
        return Secret(self.login_password, self.auth_code)


def default_settings() -> ErbanSettings:
    """The fixed account of the default session."""
    return ErbanSettings(signatures=[Signature(signature="【演示签名】")])


def invent_settings(invention: Invention) -> ErbanSettings:
    """An account that no other session has."""
    account = invention.digits("erban", 10)
    return ErbanSettings(
        account=account,
        login_password=invention.secret(12),
        auth_code=invention.secret(12),
        channels=[f"{account}01"],
        signatures=[Signature(signature=f"【{invention.company()}】")],
    )


def describe(settings: ErbanSettings, url: str) -> dict[str, object]:
    """What a client must be configured with."""
    signatures = settings.signatures or [Signature(signature="")]
    return {
        "url": url,
        "account": settings.account,
        "login_password": settings.login_password,
        "auth_code": settings.auth_code,
        "password": digest(settings.secret),
        "channel": settings.channels[0] if settings.channels else "",
        "signature": signatures[0].signature,
    }
