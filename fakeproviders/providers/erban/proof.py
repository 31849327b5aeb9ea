"""The credential: ``password`` is the lower-case hex MD5 of login password + 授权码 (O)."""

import hmac
from hashlib import md5

import msgspec


def digest(secret: str) -> str:
    """What a client sends as ``password``; ``secret`` is login password and 授权码 joined."""
    return md5(secret.encode()).hexdigest()


class PasswordDigest(msgspec.Struct, frozen=True, gc=False):
    """A ``password`` as it was given."""

    given: str

    def verify(self, secret: str) -> bool:
        """Whether it is the digest of this secret; upper-case hex is another text (A)."""
        return hmac.compare_digest(self.given.encode("utf-8", "replace"), digest(secret).encode())

    def explain(self, secret: str) -> dict[str, str]:
        """Facts for the decision trace."""
        return {
            "given": self.given,
            "expected": digest(secret),
            "signed": "MD5(login_password + 授权码)",
        }
