"""What templated providers start with: one approved signature and one approved template."""

from typing import TypedDict

from fakeproviders.settings import (
    DEFAULT_TEMPLATE,
    AccountSettings,
    Invention,
    Signature,
    Template,
)

DEMO_SIGN_KEY, DEMO_SIGNATURE, FIRST_TEMPLATE_ID = "demo-sign", "【演示签名】", "1001"


class Registered(TypedDict):
    """The part of AccountSettings that is registered with the provider's staff."""

    signatures: list[Signature] | None
    templates: list[Template] | None


def demo_registered() -> Registered:
    """The default session's: fixed, so that documentation can show it."""
    return _registered(DEMO_SIGN_KEY, DEMO_SIGNATURE)


def invented_registered(invention: Invention) -> Registered:
    """A new session's."""
    return _registered(invention.secret(12), f"【{invention.company()}】")


def first_registered(settings: AccountSettings) -> dict[str, object]:
    """The first signature and template, which a client starts with."""
    signature = next(iter(settings.signatures or ()), None)
    template = next(iter(settings.templates or ()), None)
    return {
        "sign_key": signature.sign_key if signature else "",
        "signature": signature.signature if signature else "",
        "template_id": template.template_id if template else "",
    }


def _registered(sign_key: str, signature: str) -> Registered:
    template = Template(template_id=FIRST_TEMPLATE_ID, name="验证码", content=DEFAULT_TEMPLATE)
    return {
        "signatures": [Signature(sign_key=sign_key, signature=signature)],
        "templates": [template],
    }
