"""Made-up data for scenarios: a function of the seed alone, whatever the day and the machine."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faker import Faker


class Fake:
    """Data under a seed. Each kind has a sequence of its own: one more name changes no mobile."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._drawn: dict[str, int] = {}
        self._mobiles: set[str] = set()

    def mobile(self) -> str:
        """A mainland mobile, which is not given twice."""
        while True:
            number = self._from("mobile").phone_number()
            if number not in self._mobiles:
                self._mobiles.add(number)
                return number

    def name(self) -> str:
        """A person's name in Chinese."""
        return self._from("name").name()

    def company(self) -> str:
        """A company's name in Chinese."""
        return self._from("company").company()

    def city(self) -> str:
        """A city's name in Chinese."""
        return self._from("city").city_name()

    def email(self) -> str:
        """A mail address at a domain for examples."""
        return self._from("email").safe_email()

    def password(self) -> str:
        """Twelve characters with letters of both cases and digits."""
        return self._from("password").password(length=12, special_chars=False)

    def sentence(self) -> str:
        """A sentence in Chinese."""
        return self._from("sentence").sentence()

    def digits(self, length: int = 6) -> str:
        """So many digits, 64 at most."""
        if not 0 < length <= _MOST_DIGITS:
            raise ValueError(f"1 to {_MOST_DIGITS} digits, not {length}")
        return self._from("digits").numerify("#" * length)

    def _from(self, kind: str) -> "Faker":
        """Faker, seeded for the next value of a kind."""
        number = self._drawn.get(kind, 0)
        self._drawn[kind] = number + 1
        faker = _faker()
        faker.seed_instance(f"{self._seed}|{kind}|{number}")
        return faker


_MOST_DIGITS = 64
FAKES = tuple(name for name in vars(Fake) if not name.startswith("_"))
"""What ``fake`` can give."""


@cache
def _faker() -> "Faker":
    from faker import Faker  # takes a fifth of a second: only where a template asks for it

    return Faker("zh_CN")
