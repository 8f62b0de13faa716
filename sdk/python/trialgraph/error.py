"""What all errors of the SDK have in common. Recognise one by its `code`."""

from __future__ import annotations

from typing import Any, Mapping, Optional


class TrialgraphError(Exception):
    """A refusal by the server. `retry` is never, same or later; `data` holds facts for programs."""

    code = "INTERNAL"
    retry = "never"

    def __init__(
        self,
        message: str,
        data: Optional[Mapping[str, Any]] = None,
        *,
        code: Optional[str] = None,
        retry: Optional[str] = None,
    ) -> None:
        super().__init__(message)
        self.data = dict(data or {})
        if code:
            self.code = code
        if retry:
            self.retry = retry


class NetworkError(TrialgraphError):
    """The server did not answer, or something that is not our server did."""

    code = "NETWORK"
    retry = "same"


def to_exception(error: Mapping[str, Any]) -> TrialgraphError:
    """The exception for an error as GraphQL carries it; an unknown code becomes a plain TrialgraphError."""
    from .generated.errors import ERROR_CLASSES

    data = dict(error.get("extensions") or {})
    code = str(data.pop("code", "BAD_REQUEST"))  # our server states a code: this is GraphQL's own
    retry = data.pop("retry", None)
    kind = ERROR_CLASSES.get(code, TrialgraphError)
    return kind(str(error.get("message", code)), data, code=code, retry=retry)
