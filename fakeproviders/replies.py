"""Variations of a reply."""

from fakeproviders.model import RawReply


def with_body(reply: RawReply, body: bytes) -> RawReply:
    """The same reply with another body."""
    return RawReply(reply.status, reply.headers, body)


def with_header(reply: RawReply, name: str, value: str) -> RawReply:
    """The same reply, one header replaced in its place, or added at the end."""
    lower = name.lower()
    if not any(key.lower() == lower for key, _ in reply.headers):
        return RawReply(reply.status, (*reply.headers, (name, value)), reply.body)
    headers = tuple((k, value if k.lower() == lower else v) for k, v in reply.headers)
    return RawReply(reply.status, headers, reply.body)
