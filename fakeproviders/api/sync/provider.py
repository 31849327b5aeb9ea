# Made from provider.py by: python -m tests.api.synchronous
"""One provider in a session: where it is, what it knows, and how it is made to fail."""

from inspect import get_annotations
from typing import ClassVar, Unpack

import msgspec

from fakeproviders.api.answers import Fault, Json
from fakeproviders.api.asked import Do, RuleFields
from fakeproviders.api.sync.link import SyncLink


class SyncProvider:
    """A provider's account in a session: its settings and its faults.

    >>> fault = session.official.fail("rate_limited", operation="send", times=1)
    >>> fault.fired, fault.exhausted
    (0, False)
    """

    _credentials: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls._credentials = tuple(get_annotations(cls))

    def __init__(self, link: SyncLink, path: str, name: str, document: Json) -> None:
        self.name = name
        self._link = link
        self._path = path
        self.take(document)

    def settings(self) -> Json:
        """Its settings as the control API shows them: signatures, templates, quotas, balance ...

        >>> settings = session.erban.settings()
        >>> settings["quotas"]["mobile_per_day"] is None
        True
        """
        document: Json = self._link.get(f"{self._path}/providers/{self.name}")
        return document

    def configure(self, **settings: object) -> Json:
        """Change settings: objects merge, lists are replaced. In force when this returns.

        Raises ControlError for a setting that does not fit.

        >>> changed = session.erban.configure(balance=3, quotas={"mobile_per_day": 1})
        >>> changed["balance"]
        3
        """
        document: Json = self._link.patch(f"{self._path}/providers/{self.name}", settings)
        self.take(self._link.get(self._path))
        return document

    def fail(self, do: Do, **rule: Unpack[RuleFields]) -> Fault:
        """Script a fault: the name of a failure, ``{"delay": {"ms": 300}}``, or a list of these.

        Raises ControlError for a rule that cannot be used.

        >>> fault = session.reseller.fail({"delay": {"ms": 1}}, match={"mobile": {"prefix": "138"}})
        >>> fault.provider
        'reseller'
        """
        return self._inject({"do": do, **rule})

    def script(self, steps: str, **rule: Unpack[RuleFields]) -> Fault:
        """Script a sequence, a step for each call; after the last one all calls pass.

        ``ok`` lets a call pass, ``fail`` is ``internal_error``. Raises ControlError.

        >>> fault = session.official.script("fail, rate_limited x2, ok", operation="send")
        >>> fault.script
        'fail, rate_limited x2, ok'
        """
        return self._inject({"script": steps, **rule})

    def _inject(self, rule: Json) -> Fault:
        document = self._link.post(f"{self._path}/faults", {"provider": self.name, **rule})
        return msgspec.convert(document, Fault)

    def take(self, document: Json) -> None:
        """Take the credentials over that the class declares, from the session's JSON."""
        for name in self._credentials:
            setattr(self, name, document[self.name][name])


class SyncOfficial(SyncProvider):
    """The official API: ``url`` is its base address in this session, the rest what a client is set up with."""

    url: str
    app_id: str
    app_secret: str
    sign_key: str
    signature: str
    template_id: str


class SyncReseller(SyncProvider):
    """The reseller proxy: ``url`` is its base address in this session, the rest what a client is set up with."""

    url: str
    member_id: str
    api_key: str
    sign_key: str
    signature: str
    template_id: str


class SyncErban(SyncProvider):
    """Erban: ``url`` is its base address in this session; ``password`` is the digest that is sent."""

    url: str
    account: str
    login_password: str
    auth_code: str
    password: str
    channel: str
    signature: str
