"""One send through the official API, as the examples in the docstrings make it."""

from collections.abc import Callable

from tests.e2e.clients import beijing, proof
from tests.e2e.sockets import post_json


def sender(official: object) -> Callable[..., int | None]:
    """``send_code(mobile, code=...)`` for an account; the provider's code when it is not accepted."""
    who = vars(official)

    def send_code(mobile: str, *, code: str) -> int | None:
        asked = {"app_id": who["app_id"], "sign_key": who["sign_key"], "timestamp": beijing()}
        asked["nonce"] = "n0nce"
        asked["sign"] = proof(asked, who["app_secret"])
        token = post_json(f"{who['url']}/api/oauth/access_token", asked).json()
        if token["code"]:
            return int(token["code"])
        message = {name: who[name] for name in ("sign_key", "signature", "template_id")}
        message |= {"access_token": token["data"]["access_token"], "mobile": mobile}
        answer = post_json(
            f"{who['url']}/api/sms/send", message | {"params": {"code": code, "minutes": "5"}}
        )
        return answer.json()["code"] or None

    return send_code
