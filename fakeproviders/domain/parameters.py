"""Whether the request has what the operation needs."""

from fakeproviders.domain.attempt import Attempt
from fakeproviders.failures import Reason
from fakeproviders.model import Refusal


def parameters_present(attempt: Attempt) -> None:
    """Every required parameter is there (the guide's §2)."""
    call = attempt.call
    if call.unreadable:
        why = call.unreadable
        raise Refusal(Reason.PARAMETER_MISSING, "unreadable", zh=why.zh, en=why.en)
    if call.missing:
        raise Refusal(
            Reason.PARAMETER_MISSING,
            "foreign" if call.foreign else "",
            parameter=call.missing,
            foreign=", ".join(call.foreign),
        )
