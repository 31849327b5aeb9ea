"""Where a new session's data comes from: Faker (zh_CN) under its seed, identities from its id.

Secrets and names repeat with the seed. Identities do not: requests are told apart by them, so two
sessions with one seed need different ones.
"""

import string
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faker import Faker


@cache
def _faker() -> "Faker":
    from faker import Faker  # takes a fifth of a second: only when a session is made

    return Faker("zh_CN")


class SessionInvention:
    """One session's data; see settings.Invention. ``taken`` says whether an identity is in use."""

    def __init__(self, session_id: str, seed: int, taken: Callable[[str, str], bool]) -> None:
        self._session_id = session_id
        self._taken = taken
        self._faker = _faker()
        self._faker.seed_instance(seed)

    def digits(self, provider: str, length: int) -> str:
        """An identity of so many digits, its first not 0, that no other session has."""
        attempt = 0
        while True:
            text = f"{self._session_id}|{provider}|{attempt}"
            number = int.from_bytes(blake2b(text.encode(), digest_size=8).digest())
            low = 10 ** (length - 1)
            identity = str(low + number % (9 * low))
            if not self._taken(provider, identity):
                return identity
            attempt += 1

    def secret(self, length: int = 32) -> str:
        """Letters and digits."""
        letters = string.ascii_letters + string.digits
        return "".join(self._faker.random.choices(letters, k=length))

    def company(self) -> str:
        """A short company name in Chinese."""
        return self._faker.company_prefix()
