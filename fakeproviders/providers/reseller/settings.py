"""A member's account at the reseller, and how the reseller reaches the platform above it."""

from typing import ClassVar, Literal

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.providers.registered import demo_registered, invented_registered
from fakeproviders.settings import AccountSettings, Invention


class ResellerSettings(AccountSettings, kw_only=True, forbid_unknown_fields=True):
    """会员ID and 接口密钥 (D), and the login that the reseller uses above.

    ``upstream_app_id``, ``upstream_app_secret`` and ``upstream_sign_key`` are what the reseller has
    been told; the account of provider ``upstream`` is what is true. Where they differ its sends fail with §5's text.
    """

    identity: ClassVar[str] = "member_id"

    member_id: str
    api_key: str
    upstream: Literal["official", "none"] = "official"
    """``none``: accepted sends go no further."""
    upstream_app_id: str = ""
    upstream_app_secret: str = ""
    upstream_sign_key: str | None = None
    """None: the one that is being sent with."""
    upstream_timeout_seconds: float = 5.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.upstream_timeout_seconds <= 3600:
            raise Misfit(
                "upstream_timeout_seconds",
                Words(zh="必须大于 0，且不超过 3600", en="must be above 0 and at most 3600"),
            )

    @property
    def account(self) -> str:
        """The 会员ID."""
        return self.member_id

    @property
    def secret(self) -> str:
        """The key of the proof."""
        return self.api_key

    @property
    def forwards(self) -> bool:
        """Whether accepted sends go on to the official API."""
        return self.upstream == "official"


def demo_settings() -> ResellerSettings:
    """The default session's account: fixed, so that documentation can show it."""
    return ResellerSettings(member_id="10001", api_key="demo-api-key", **demo_registered())


def invented_settings(invention: Invention) -> ResellerSettings:
    """A new session's account."""
    return ResellerSettings(
        member_id=invention.digits("reseller", 10),
        api_key=invention.secret(),
        **invented_registered(invention),
    )
