"""The account that a reseller has at the platform above, made to fit what the reseller was told."""

from fakeproviders.providers.official.settings import OfficialSettings
from fakeproviders.providers.reseller.settings import ResellerSettings
from fakeproviders.settings import AccountSettings


def account_above(reseller: AccountSettings) -> OfficialSettings:
    """A new official account; its login is written into the reseller's settings.

    It has whatever signatures and templates the reseller has registered, until it is given its own.
    """
    assert isinstance(reseller, ResellerSettings)  # noqa: S101 - its own type
    above = OfficialSettings(
        app_id=f"up-{reseller.member_id}",
        app_secret=f"up-{reseller.api_key}",
        signatures=None,
        templates=None,
    )
    reseller.upstream_app_id = above.app_id
    reseller.upstream_app_secret = above.app_secret
    return above
