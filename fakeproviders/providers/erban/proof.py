"""The credential: ``password`` is the lower-case hex MD5 of login password + 授权码 (O).

SendSms2's is the MD5 of login password + 授权码 + the random text that GetRandom gave (A).
REST's ``sign`` is the MD5 of account + 授权码 + timestamp, and its Authorization header the base64 of
``account:timestamp`` in upper case (O).
"""

import hmac
from base64 import b64encode
from functools import lru_cache
from hashlib import md5

import msgspec


@lru_cache(maxsize=1024)
def digest(secret: str, random: str = "") -> str:
    """What a client sends as ``password``; ``secret`` is login password and 授权码 joined."""
    return md5(f"{secret}{random}".encode("utf-8", "replace")).hexdigest()


class PasswordDigest(msgspec.Struct, frozen=True, gc=False):
    """A ``password`` as it was given, and the random text that it was made with, if any."""

    given: str
    random: str = ""

    def verify(self, secret: str) -> bool:
        """Whether it is the digest of this secret; upper-case hex is another text (A)."""
        return _equal(self.given, digest(secret, self.random))

    def explain(self, secret: str) -> dict[str, str]:
        """Facts for the decision trace."""
        more = f" + {self.random}" if self.random else ""
        return {
            "given": self.given,
            "expected": digest(secret, self.random),
            "signed": f"MD5(login_password + 授权码{more})",
        }


class Secret(str):
    """Login password and 授权码 joined; of the two, ``sign`` takes the second alone."""

    auth_code: str

    def __new__(cls, login_password: str, auth_code: str) -> "Secret":
        """Join them."""
        secret = super().__new__(cls, login_password + auth_code)
        secret.auth_code = auth_code
        return secret


class RestSign(msgspec.Struct, frozen=True, gc=False):
    """A ``sign`` as it was given, with what it must have been made of, and the header beside it."""

    given: str
    account: str
    timestamp: str
    authorization: str

    def verify(self, secret: str) -> bool:
        """Whether both were made of this account, timestamp and 授权码; their case counts (A)."""
        return _equal(self.given, self._sign(secret)) and self._header_fits

    def explain(self, secret: str) -> dict[str, str]:
        """Facts for the decision trace, of the one that is wrong."""
        if self._header_fits:
            return {
                "given": self.given,
                "expected": self._sign(secret),
                "signed": "MD5(account + 授权码 + timestamp)",
            }
        return {
            "given": self.authorization,
            "expected": self._header,
            "signed": "BASE64(account:timestamp), in upper case, as Authorization",
        }

    @property
    def _header_fits(self) -> bool:
        return _equal(self.authorization, self._header)

    @property
    def _header(self) -> str:
        plain = f"{self.account}:{self.timestamp}".encode("utf-8", "replace")
        return b64encode(plain).decode().upper()

    def _sign(self, secret: str) -> str:
        auth_code = secret.auth_code if isinstance(secret, Secret) else secret
        signed = f"{self.account}{auth_code}{self.timestamp}"
        return md5(signed.encode("utf-8", "replace")).hexdigest()


def _equal(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
