"""An account at the official API."""

from typing import ClassVar

from fakeproviders.providers.registered import demo_registered, invented_registered
from fakeproviders.settings import AccountSettings, Invention


class OfficialSettings(AccountSettings, kw_only=True, forbid_unknown_fields=True):
    """AppId and secret (A), beside what every account has."""

    identity: ClassVar[str] = "app_id"

    app_id: str
    app_secret: str

    @property
    def account(self) -> str:
        """The AppId."""
        return self.app_id

    @property
    def secret(self) -> str:
        """The key of the token request's proof."""
        return self.app_secret


def demo_settings() -> OfficialSettings:
    """The default session's account: fixed, so that documentation can show it."""
    return OfficialSettings(
        app_id="demo-app",
        app_secret="demo-app-secret",  # noqa: S106 - a documented demo value
        **demo_registered(),
    )


def invented_settings(invention: Invention) -> OfficialSettings:
    """A new session's account."""
    return OfficialSettings(
        app_id=invention.digits("official", 12),
        app_secret=invention.secret(),
        **invented_registered(invention),
    )
