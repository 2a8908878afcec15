"""The six kinds of things that can go wrong. They know no HTTP; `tcma.web.problems` turns a kind into a status."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


class DomainError(Exception):
    """Say what happened and what would work, to the person who reads it.

    `code` is stable and meant for programs; `errors` maps a field to its sentences.
    """

    code: ClassVar[str] = "error"
    message: ClassVar[str] = "Something went wrong."

    def __init__(self, message: str = "", *, errors: Mapping[str, list[str]] | None = None) -> None:
        self.detail = message or type(self).message
        self.errors: dict[str, list[str]] = dict(errors or {})
        super().__init__(self.detail)


class NotFound(DomainError):
    """Report that a thing is not there, or not yours to see: the two look the same."""

    code = "not_found"
    message = "There is no such thing, or it is not yours to see."


class Forbidden(DomainError):
    """Report that you may see it, but not do this."""

    code = "forbidden"
    message = "Your role does not allow this."


@dataclass(frozen=True, slots=True)
class Successor:
    """What stands in the place of a thing that was taken back: its id, and where the API and the portal show it."""

    id: int
    resource: str
    page: str


class Gone(DomainError):
    """Report that a thing was there, and was taken back for good; `successor` is what to use instead."""

    code = "gone"
    message = "This was taken back, and is not given out any more."

    def __init__(
        self, message: str = "", *, errors: Mapping[str, list[str]] | None = None, successor: Successor | None = None
    ) -> None:
        super().__init__(message, errors=errors)
        self.successor = successor


class Conflict(DomainError):
    """Report that the state of things does not allow this (any more)."""

    code = "conflict"
    message = "This was changed in the meantime. Reload and try again."


class Invalid(DomainError):
    """Report that what was sent cannot be accepted as it is."""

    code = "invalid"
    message = "Something in what you sent needs to be corrected."


class Unavailable(DomainError):
    """Report that something needed is not answering now; trying again later is right."""

    code = "unavailable"
    message = "A part of the service is not answering. Try again in a moment."


class StaleEdit(Conflict):
    """Report that somebody else saved a newer revision."""

    code = "stale_edit"
    message = "Somebody saved a newer version while you were editing. Reload it and make your change again."
