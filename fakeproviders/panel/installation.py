"""A fresh installation: everything filled in from a session's credentials, so that all works at once."""

from collections.abc import Mapping
from typing import Any

import msgspec

from fakeproviders.panel import notices
from fakeproviders.panel.database import Transaction
from fakeproviders.panel.desk import DRAFT, READ, SAVED, changed, shape, write
from fakeproviders.panel.events import CODE_CONTENT, EVENTS, TEMPLATED, TEST
from fakeproviders.panel.settings import (
    GROUPS,
    Erban,
    Interface,
    Official,
    Reseller,
    Settings,
    Sms,
    Template,
)

ASMX = "/WebService/SmsService.asmx"
_KIND, _NAME = "installed", "addresses"


def fresh(session: Mapping[str, Any]) -> Settings:
    """The settings for a session object, as the control API shows it. Raises Misfit."""
    official, reseller, erban = session["official"], session["reseller"], session["erban"]
    return Settings(
        sms=Sms(
            official=_block(Official, official),
            reseller=_block(Reseller, reseller),
            erban=_block(Erban, {**erban, "url": f"{erban['url']}{ASMX}"}),
            templates=_templates(official["template_id"], reseller["template_id"]),
        ),
        interface=_block(Interface, official),
    )


class Given(msgspec.Struct, forbid_unknown_fields=True):
    """What a fresh installation has in force beside its working defaults, and what is only entered."""

    settings: dict[str, dict[str, Any]] = {}
    drafts: dict[str, dict[str, Any]] = {}
    notifications: dict[str, dict[str, Any]] = {}


async def install(
    transaction: Transaction, tenant: str, session: Mapping[str, Any], given: Given
) -> None:
    """Begin anew. Raises Declined for what is given and does not fit."""
    for group in (*given.settings, *given.drafts):
        shape(group)
    settings = fresh(session)
    await transaction.change("DELETE FROM tenants WHERE id = ?", tenant)
    await transaction.change("INSERT INTO tenants (id) VALUES (?)", tenant)
    await write(transaction, tenant, _KIND, _NAME, _addresses(session))
    for group in GROUPS:
        patch = given.settings.get(group, {})
        saved = changed(getattr(settings, group), patch, f"settings.{group}.")
        await write(transaction, tenant, SAVED, group, saved)
        if group in given.drafts:
            draft = changed(saved, given.drafts[group], f"drafts.{group}.")
            await write(transaction, tenant, DRAFT, group, draft)
    await notices.install(transaction, tenant, given.notifications)


async def readdress(transaction: Transaction, tenant: str, session: Mapping[str, Any]) -> None:
    """Lead a kept installation to where the providers are now: after a restart their ports may be others.

    Only addresses that it was installed with change; what somebody has entered stays.
    """
    row = await transaction.row(READ, tenant, _KIND, _NAME)
    old, new = {} if row is None else msgspec.json.decode(row["body"]), _addresses(session)
    await write(transaction, tenant, _KIND, _NAME, new)
    for kind in (SAVED, DRAFT):
        for group in ("sms", "interface"):
            row = await transaction.row(READ, tenant, kind, group)
            if row is not None:
                body = msgspec.json.decode(row["body"])
                for provider, block in _blocks(group, body).items():
                    block["url"] = _moved(block["url"], old.get(provider, ""), new[provider])
                await write(transaction, tenant, kind, group, body)


def _addresses(session: Mapping[str, Any]) -> dict[str, str]:
    return {name: session[name]["url"] for name in ("official", "reseller", "erban")}


def _blocks(group: str, body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The parts of a group that have an address, by provider."""
    if group == "interface":
        return {"official": body}
    return {name: body[name] for name in ("reseller", "erban")}


def _moved(url: str, old: str, new: str) -> str:
    is_below = url == old or url.startswith(f"{old}/")
    return f"{new}{url[len(old) :]}" if old and is_below else url


def _block(shape: Any, given: Mapping[str, Any]) -> Any:
    """The fields of a block that the session object has under the same names."""
    return shape(**{name: given[name] for name in shape.__struct_fields__})


def _templates(official: str, reseller: str) -> dict[str, Template]:
    """A provider has one template, for codes; what is no code waits for a number of its own."""
    numbered = Template(official=official, reseller=reseller, content=CODE_CONTENT)
    return {
        name: numbered
        if name == TEST or EVENTS[name].is_code
        else Template(content=EVENTS[name].content)
        for name in TEMPLATED
    }
