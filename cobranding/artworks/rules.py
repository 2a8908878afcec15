"""The states of an artwork, when the brand looks at it first, and how values come out of a form.

Approval, as a program manager reads it. Each template says when the brand looks:

- **No approval.** What is complete is ready, and may be downloaded and sent.
- **Always.** What is complete is submitted; somebody at the brand approves it, or sends it back with a reason. Only
  what is approved may be downloaded and sent.
- **First use.** A partner's first artwork of a template is treated like "always". As soon as the brand has approved one
  artwork that this partner made of any version of the template, the partner knows how it is done: what it makes of the
  template from then on is ready by itself. What the brand has in review, or has sent back, still waits.

An approval is about words and pictures: the version of the template, the values, the language. Whoever changes one of
them needs a new approval; a new name for the artwork changes nothing. What the brand wrote itself, a template's own
texts, needs no approval in a campaign. Nobody decides about something else than what they looked at.
"""

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from cobranding.rendering.document.model import Document
from cobranding.rendering.document.values import in_effect
from cobranding.templates.rules import ApprovalPolicy


class ArtworkState(StrEnum):
    """Say where an artwork stands."""

    DRAFT = "draft"
    READY = "ready"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    REJECTED = "rejected"


MOVES: Mapping[ArtworkState, frozenset[ArtworkState]] = {
    ArtworkState.DRAFT: frozenset({ArtworkState.READY, ArtworkState.IN_REVIEW}),
    ArtworkState.READY: frozenset({ArtworkState.DRAFT, ArtworkState.IN_REVIEW}),
    ArtworkState.IN_REVIEW: frozenset({ArtworkState.APPROVED, ArtworkState.REJECTED}),
    ArtworkState.APPROVED: frozenset({ArtworkState.DRAFT, ArtworkState.READY}),
    ArtworkState.REJECTED: frozenset({ArtworkState.DRAFT, ArtworkState.READY, ArtworkState.IN_REVIEW}),
}


NUMBERED = ("number", "image", "logo")
"""The types of variables whose values are whole numbers."""

# What an edit leaves as it is, as long as it touches neither words nor pictures nor language.
_STANDS = frozenset({ArtworkState.IN_REVIEW, ArtworkState.APPROVED, ArtworkState.REJECTED})


class Decision(StrEnum):
    """Say what a reviewer decided."""

    APPROVED = "approved"
    REJECTED = "rejected"


class RejectionCode(StrEnum):
    """Say in a word why an artwork was sent back; the reason says it in a sentence."""

    WORDING = "wording"
    OFFER = "offer"
    PICTURE = "picture"
    LEGAL = "legal"
    BRAND = "brand"
    OTHER = "other"
    WITHDRAWN = "withdrawn"
    NONE = ""


# What a reviewer chooses from; the service itself sends back what is made of a withdrawn version.
REASONS: Mapping[RejectionCode, str] = {
    RejectionCode.WORDING: "Wording",
    RejectionCode.OFFER: "Offer or price",
    RejectionCode.PICTURE: "Picture or logo",
    RejectionCode.LEGAL: "Legal",
    RejectionCode.BRAND: "Brand guidelines",
    RejectionCode.OTHER: "Something else",
}

WAITS: Mapping[ArtworkState, str] = {
    ArtworkState.IN_REVIEW: "The brand is looking at this artwork. Its files are given out once it is approved.",
    ArtworkState.REJECTED: "The brand has sent this artwork back. Correct it and submit it again.",
}


def needs_review(policy: ApprovalPolicy, *, is_trusted: bool) -> bool:
    """Tell whether the brand looks first; trusted: it has approved an artwork of this template by this partner."""
    return policy is ApprovalPolicy.ALWAYS or (policy is ApprovalPolicy.FIRST_USE and not is_trusted)


def may_be_used(policy: ApprovalPolicy, state: ArtworkState, *, is_as_approved: bool, is_trusted: bool) -> bool:
    """Tell whether the files of an artwork may be given out, as far as approval goes; see the module.

    `is_as_approved`: what it is made of now has the hash that was approved.
    """
    if policy is ApprovalPolicy.NONE:
        return True
    if state is ArtworkState.APPROVED:
        return is_as_approved
    waits = state in {ArtworkState.IN_REVIEW, ArtworkState.REJECTED}
    return not waits and not needs_review(policy, is_trusted=is_trusted)


def state_after_edit(
    state: ArtworkState, *, is_complete: bool, is_changed: bool, is_reviewed_first: bool
) -> ArtworkState:
    """Return where an edit leaves an artwork: any change of what was decided about takes it back to its partner."""
    if state in _STANDS and not is_changed:
        return state
    return ArtworkState.READY if is_complete and not is_reviewed_first else ArtworkState.DRAFT


def hash_of(content_hash: str, values: Mapping[str, Any], locale: str) -> str:
    """Return the hash of what an approval is about: the version of the template, the values, the language."""
    canonical = json.dumps([content_hash, values, locale], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def departures(document: Document, values: Mapping[str, Any], locale: str) -> dict[str, Any]:
    """Return the values that differ from the template's own: what a reviewer has to look at."""
    own = in_effect(document, {}, locale)
    return {name: value for name, value in values.items() if value not in ("", None) and own.get(name) != value}


def from_form(document: Document, entered: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form holds in the types that the template asks for; what cannot be read stays as it was entered."""
    values: dict[str, Any] = {}
    for name, entry in entered.items():
        variable = document.variables.get(name)
        if variable is None and isinstance(entry, Mapping):
            values |= _flat(entry, f"{name}.")
        elif variable is not None and variable.type == "contact" and isinstance(entry, Mapping):
            values[name] = {field: _written(text) for field, text in entry.items() if _written(text) != ""}
        elif variable is not None and variable.type in NUMBERED and str(entry).strip().lstrip("-").isdecimal():
            values[name] = int(str(entry).strip())
        else:
            values[name] = entry
    return {name: _written(value) for name, value in values.items() if _written(value) not in ("", {})}


def _written(entry: Any) -> Any:
    return entry.replace("\r\n", "\n").strip() if isinstance(entry, str) else entry


def to_form(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by the names of their fields: each field of a contact has its own."""
    return {f"values.{name}": value for name, value in values.items() if not isinstance(value, Mapping)} | {
        f"values.{name}.{field}": text
        for name, value in values.items()
        if isinstance(value, Mapping)
        for field, text in value.items()
    }


def _flat(entered: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, entry in entered.items():
        if isinstance(entry, Mapping):
            flat |= _flat(entry, f"{before}{name}.")
        else:
            flat[f"{before}{name}"] = entry
    return flat
