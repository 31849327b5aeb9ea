"""Texts that name the session and the account they were made for: tokens, random texts, reply ids.

    <session>.<initial of the role>.<rest>

So a request that carries nothing else still finds its session, even when the text is no longer valid.
"""


def owned(session_id: str, role: str, rest: str) -> str:
    """The text for an account of a session."""
    return f"{session_id}.{role[0]}.{rest}"


def owner_of(text: str) -> tuple[str, str]:
    """The session id and the initial of the role that a text names; empty for one that is not ours."""
    parts = text.split(".")
    return (parts[0], parts[1]) if len(parts) == 3 else ("", "")
