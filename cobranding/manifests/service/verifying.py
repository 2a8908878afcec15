"""Is this file genuine? Found by its hash or the code that it carries, held against its signature, and made again."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Lock
from typing import Any

from assets.library import service as library
from cobranding.manifests import queries, rules
from cobranding.manifests.errors import TooManyQuestions, VerifierBusy
from cobranding.manifests.model import Manifest
from cobranding.manifests.rules import Verdict, VerdictState
from cobranding.rendering import codes, engine, manifest
from cobranding.rendering.inputs import Inputs
from cobranding.templates import service as templates
from cobranding.templates.service import TemplateVersionView
from tcma.infra import cache, crypto
from tcma.kernel.actor import Actor
from tcma.kernel.errors import DomainError

_one_at_a_time = Lock()
"""Strangers ask: however many they are, one file is opened or made again at a time in a process."""


@dataclass(frozen=True)
class Asked:
    """What somebody brings: a file, known by its hash and the code that it carries, or a code alone."""

    code: str
    sha256: str = ""


@dataclass(frozen=True)
class Trail:
    """What is on record, gathered in the transaction."""

    content: dict[str, Any]
    output_sha256: str
    is_trusted: bool
    version: TemplateVersionView
    newest: TemplateVersionView | None
    inputs: Inputs | None
    missing: str


def asked_with_file(data: bytes, *, address: str) -> Asked:
    """Return what a file says about itself; `address` is the network address of whoever asks.

    Raises TooManyQuestions, VerifierBusy.
    """
    _count(address)
    with _turn():
        return Asked(codes.code_in(data), hashlib.sha256(data).hexdigest())


def asked_with_code(written: str, *, address: str) -> Asked:
    """Return a code as it is kept, however somebody wrote it. Raises TooManyQuestions."""
    _count(address)
    return Asked(codes.normal(written))


def _count(address: str) -> None:
    if (
        cache.count_up(f"verify-from:{rules.network_of(address)}", window_s=rules.QUESTION_WINDOW_S)
        > rules.QUESTIONS_PER_NETWORK
    ):
        raise TooManyQuestions


def look_up(actor: Actor, asked: Asked) -> Trail | None:
    """Return what is on record about a file, and what it is made again from, withdrawn or not; None: nothing is."""
    found = queries.by_output(actor, asked.sha256) if asked.sha256 else None
    found = found or (queries.by_code(actor, asked.code) if asked.code else None)
    if found is None:
        return None
    content = json.loads(found.content)
    version = templates.version(actor, found.template_version_id)
    inputs, missing = _inputs(actor, content, version)
    return Trail(
        content=content,
        output_sha256=found.output_sha256,
        is_trusted=_holds(found, content),
        version=version,
        newest=templates.newest_published(actor, version.template_id),
        inputs=inputs,
        missing=missing,
    )


def _holds(found: Manifest, content: dict[str, Any]) -> bool:
    """Tell whether the signature holds, the key was in the right hands, and the row says what was signed."""
    key = queries.key(found.key_id)
    return (
        crypto.is_signed_by(key.public_key, found.signature, found.content.encode())
        and (content["code"], content["file"]["sha256"], content["key_id"])
        == (found.code, found.output_sha256, found.key_id)
        and rules.is_trusted(datetime.fromisoformat(content["issued_at"]), key.revoked_since)
    )


def _inputs(actor: Actor, content: dict[str, Any], version: TemplateVersionView) -> tuple[Inputs | None, str]:
    if content["engine"] != manifest.ENGINE:
        return None, "it was made by another edition of the program that draws"
    if content["template"]["content_hash"] != version.content_hash:
        return None, "the template is not the one that it was made from"
    read = {}
    for sha256 in manifest.files_in(content):
        file = library.file_by_hash(actor, sha256)
        if file is None:
            return None, "a file that it was made with is no longer kept"
        read[sha256] = partial(library.read, file)
    return manifest.inputs_from(content, templates.document_of(version), read), ""


def judge(asked: Asked, trail: Trail | None) -> Verdict:
    """Say what a file is, by making it again; call it outside the transaction. Raises VerifierBusy."""
    if trail is None:
        return Verdict(VerdictState.UNKNOWN, rules.NOTHING_KNOWN)
    if not trail.is_trusted:
        return Verdict(VerdictState.UNKNOWN, rules.NOT_TRUSTED)
    made_again, why_not = _made_again(trail)
    recomputed = made_again == trail.output_sha256
    if made_again and not recomputed:
        why_not = "made again today, it came out differently"
    is_altered = bool(asked.sha256) and asked.sha256 not in {trail.output_sha256, made_again}
    state = VerdictState.ALTERED if is_altered else _state_of(trail)
    newest = trail.newest
    successor = newest.number if newest and newest.number > trail.version.number else None
    withdrawn_reason = trail.version.withdrawn_reason if state is VerdictState.WITHDRAWN else ""
    told = trail.content
    return Verdict(
        state=state,
        sentence=rules.sentence_of(
            state,
            has_file=bool(asked.sha256),
            number=trail.version.number,
            successor_number=successor,
            withdrawn_reason=withdrawn_reason,
        ),
        template=told["template"]["name"],
        version_number=told["template"]["number"],
        brand=told["brand"]["name"],
        partner=told["partner"]["trade_name"] or told["partner"]["legal_name"],
        issued_on=datetime.fromisoformat(told["issued_at"]).date(),
        recomputed=recomputed,
        not_recomputed_because=why_not,
        successor_number=successor,
        withdrawn_reason=withdrawn_reason,
    )


def _state_of(trail: Trail) -> VerdictState:
    if trail.version.state == "withdrawn":
        return VerdictState.WITHDRAWN
    is_old = trail.newest is not None and trail.newest.number > trail.version.number
    return VerdictState.SUPERSEDED if is_old else VerdictState.GENUINE


def _made_again(trail: Trail) -> tuple[str, str]:
    """Return the hash of the file made again from what is on record; or why that cannot be."""
    if trail.inputs is None:
        return "", trail.missing
    with _turn():
        told = trail.content
        try:
            return engine.render(trail.inputs, told["format"], told["output"], page=told["page"]).etag, ""
        except DomainError:
            return "", "a part that it was made with cannot be read any more"


@contextmanager
def _turn() -> Iterator[None]:
    """Wait until the files of others are looked at. Raises VerifierBusy."""
    if not _one_at_a_time.acquire(timeout=rules.PATIENCE_S):
        raise VerifierBusy
    try:
        yield
    finally:
        _one_at_a_time.release()
