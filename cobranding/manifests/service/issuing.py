"""Ordering a file, so that it carries its code, and issuing the manifest of what came out."""

import base64
from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from cobranding.manifests import queries, rules
from cobranding.manifests.model import Manifest
from cobranding.manifests.service.keys import signing_key
from cobranding.rendering import engine, manifest
from cobranding.rendering.codes import code_of
from cobranding.rendering.inputs import Inputs, RenderedFile
from cobranding.templates import service as templates
from tcma import settings
from tcma.infra import crypto
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission

PURPOSE = "cobranding.manifest"


@dataclass(frozen=True)
class Order:
    """A file that is about to be made: its inputs, which carry its code, and the statement of all that goes into it."""

    inputs: Inputs
    format: str
    output: str
    code: str
    partner_id: int
    template_version_id: int
    statement: manifest.Statement

    def render(self) -> RenderedFile:
        """Make the file; call it outside the transaction. Raises what the engine raises."""
        return engine.render(self.inputs, self.format, self.output)


def verify_page() -> str:
    """Return the address where everybody can have a file looked at."""
    return f"{settings.current().base_url}/verify"


def order(
    actor: Actor,
    template_version_id: int,
    inputs: Inputs,
    *,
    partner_id: int,
    format_key: str,
    output: str | None = None,
) -> Order:
    """Prepare a file of a partner: the same inputs always have the same code, which nobody can guess.

    Raises TemplateNotFound, UnknownFormat.
    """
    version = templates.version(actor, template_version_id)
    fmt = engine.format_of(inputs.document, format_key)
    kind = output or engine.outputs_of(fmt)[0]
    statement = manifest.statement_of(
        inputs,
        fmt,
        kind,
        template=manifest.TemplateIdentity(version.template_id, version.name, version.id, version.number),
        partner_id=partner_id,
        verify_at=verify_page(),
    )
    code = code_of(crypto.keyed_hash(PURPOSE, manifest.canonical(statement).decode()))
    carrying = manifest.with_code(inputs, code, verify_page())
    return Order(carrying, fmt.name, kind, code, partner_id, version.id, statement)


def issue(actor: Actor, ordered: Order, file: RenderedFile) -> Manifest:
    """Sign what a file was made of; the same file again has the same manifest, unless its key was revoked meanwhile."""
    authorize(actor, Permission.COBRANDING_ARTWORK_READ, ordered)
    found = queries.exact(actor, ordered.code, file.etag)
    if found is not None and rules.is_trusted(found.issued_at, queries.key(found.key_id).revoked_since):
        return found
    key = signing_key()
    now = clock.now()
    content = manifest.manifest_of(ordered.statement, code=ordered.code, file=file, issue=manifest.Issue(now, key.id))
    signed = manifest.canonical(content)
    row: dict[str, Any] = {
        "content": signed.decode(),
        "signature": crypto.sign_openly(crypto.unseal(key.private_key_sealed), signed),
        "key_id": key.id,
        "issued_at": now,
    }
    identity = {
        "partner_id": ordered.partner_id,
        "template_version_id": ordered.template_version_id,
        "code": ordered.code,
        "output_sha256": file.etag,
    }
    if found is not None:
        for name, value in row.items():
            setattr(found, name, value)
        return found
    session.execute(insert(Manifest).values(**identity, **row).on_conflict_do_nothing())
    return queries.one_by_code(actor, ordered.code)


def envelope_of(found: Manifest) -> dict[str, Any]:
    """Return a manifest as it is given away: the exact text that is signed, the signature, and which key checks it."""
    return {
        "content": found.content,
        "signature": base64.b64encode(found.signature).decode(),
        "key_id": found.key_id,
    }
