"""What was entered in the settings' forms and is not in force: fields, and groups."""

from typing import Any, NamedTuple

from fakeproviders.failures import Words
from fakeproviders.panel.pages.field import Field, value_at
from fakeproviders.panel.pages.form import Form
from fakeproviders.panel.settings import GROUPS
from fakeproviders.panel.tenants import Tenant


class Failed(NamedTuple):
    """A form that could not be used: it is shown again as it was typed."""

    form: Form
    errors: dict[str, Words]


class Shown(NamedTuple):
    """A field on the page. ``was`` is what is in force, where ``changed`` says that the draft differs."""

    field: Field
    value: str
    changed: bool
    was: str
    is_set: bool
    wrong: Words | None


async def unsaved(tenant: Tenant) -> frozenset[str]:
    """The groups that have something to save."""
    saved = await tenant.settings.all_saved()
    drafts = {group: await tenant.settings.draft(group) for group in GROUPS}
    return frozenset(
        group
        for group, draft in drafts.items()
        if draft is not None and draft != getattr(saved, group)
    )


def shown(field: Field, saved: Any, entered: Any, failed: Failed | None) -> Shown:
    """A field with what was entered last, beside what is in force."""
    value = field.shown(entered)
    if failed is not None:
        value = field.typed(failed.form)
    return Shown(
        field=field,
        value=value,
        changed=value_at(saved, field.path) != value_at(entered, field.path),
        was=field.shown(saved),
        is_set=bool(value_at(saved, field.path)),
        wrong=failed.errors.get(field.path) if failed else None,
    )
