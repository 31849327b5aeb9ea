"""The settings in force, and the drafts that are not before 保存设置."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from fakeproviders.failures import Words
from fakeproviders.merge import merged
from fakeproviders.misfit import Misfit, located
from fakeproviders.panel.database import Database, Transaction
from fakeproviders.panel.declined import Declined, not_found, unusable
from fakeproviders.panel.settings import GROUPS, Group, Settings, Template

G = TypeVar("G", bound=Group)
SAVED, DRAFT = "saved", "draft"
READ = "SELECT body FROM documents WHERE tenant = ? AND kind = ? AND name = ?"
_DRAFT_OR_SAVED = (
    "SELECT body FROM documents WHERE tenant = ? AND name = ? AND kind IN ('draft', 'saved')"
    " ORDER BY kind LIMIT 1"
)
_WRITE = "INSERT OR REPLACE INTO documents (tenant, kind, name, body) VALUES (?, ?, ?, ?)"
_NAMES = "SELECT name FROM documents WHERE tenant = ? AND kind = 'draft'"
_FORGET = "DELETE FROM documents WHERE tenant = ? AND kind = 'draft'"


class SettingsDesk:
    """One tenant's settings. A group that is none is Declined, and so is what does not fit."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    async def all_saved(self) -> Settings:
        """All groups as they are in force."""
        rows = await self._database.rows(
            "SELECT name, body FROM documents WHERE tenant = ? AND kind = ?", self._tenant, SAVED
        )
        if not rows:
            raise _ended()
        found = {row["name"]: msgspec.json.decode(row["body"]) for row in rows}
        return msgspec.convert(found, Settings)

    async def saved(self, group: str) -> Group:
        """A group as it is in force."""
        shape(group)
        found: Group = getattr(await self.all_saved(), group)
        return found

    async def draft(self, group: str) -> Group | None:
        """What was entered and not saved: the whole group; None when there is nothing."""
        row = await self._database.row(READ, self._tenant, DRAFT, group)
        return None if row is None else msgspec.json.decode(row["body"], type=shape(group))

    async def put(self, group: str, patch: Mapping[str, Any]) -> Group:
        """Merge into the draft, which is returned; objects merge, everything else replaces."""
        kind = shape(group)
        async with self._database.transaction() as transaction:
            row = await transaction.row(_DRAFT_OR_SAVED, self._tenant, group)
            if row is None:
                raise _ended()
            base = msgspec.json.decode(row["body"], type=kind)
            draft = changed(base, _without_empty_key(group, patch))
            await transaction.change(_WRITE, self._tenant, DRAFT, group, msgspec.json.encode(draft))
            return draft

    async def save(self) -> list[str]:
        """保存设置: all drafts come into force. The names of their groups."""
        async with self._database.transaction() as transaction:
            names = [row["name"] for row in await transaction.rows(_NAMES, self._tenant)]
            await transaction.change(
                "INSERT OR REPLACE INTO documents (tenant, kind, name, body)"
                " SELECT tenant, 'saved', name, body FROM documents WHERE tenant = ? AND kind = 'draft'",
                self._tenant,
            )
            await transaction.change(_FORGET, self._tenant)
        return names

    async def discard(self) -> list[str]:
        """Forget all drafts. The names of their groups."""
        async with self._database.transaction() as transaction:
            names = [row["name"] for row in await transaction.rows(_NAMES, self._tenant)]
            await transaction.change(_FORGET, self._tenant)
        return names


async def write(transaction: Transaction, tenant: str, kind: str, name: str, value: object) -> None:
    """Put a document where it belongs."""
    await transaction.change(_WRITE, tenant, kind, name, msgspec.json.encode(value))


def shape(group: str) -> type[Group]:
    """The shape of a group. Raises Declined when there is no such group."""
    if group not in GROUPS:
        known = ", ".join(GROUPS)
        raise not_found(
            Words(
                zh=f"没有设置组 {group}；有：{known}", en=f"no settings {group}; there are {known}"
            )
        )
    return GROUPS[group]


def changed(base: G, patch: Mapping[str, Any], under: str = "") -> G:
    """A group with a patch merged in. Raises Declined naming the field that does not fit, ``under`` before it."""
    whole = merged(msgspec.to_builtins(base), dict(patch))
    try:
        return msgspec.convert(whole, type(base))
    except msgspec.ValidationError as error:
        misfit = _exact(whole, located(error, type(base)))
        raise unusable(Misfit(f"{under}{misfit.field}", misfit.words)) from None


def _exact(whole: Mapping[str, Any], misfit: Misfit) -> Misfit:
    """msgspec does not say which template it means: each is asked by itself."""
    if not misfit.field.startswith("templates[...]"):
        return misfit
    for name, given in whole["templates"].items():
        try:
            msgspec.convert(given, Template)
        except msgspec.ValidationError as error:
            found = located(error)
            return Misfit(".".join(filter(None, ("templates", name, found.field))), found.words)
    return misfit


def _ended() -> Declined:
    return not_found(Words(zh="会话已结束", en="the session has ended"))


def _without_empty_key(group: str, patch: Mapping[str, Any]) -> dict[str, Any]:
    """The guide's form (D): 接口密钥, 留空则不修改."""
    block = patch.get("reseller") if group == "sms" else None
    if not isinstance(block, dict) or block.get("api_key") != "":
        return dict(patch)
    kept = {name: value for name, value in block.items() if name != "api_key"}
    return {**patch, "reseller": kept}
