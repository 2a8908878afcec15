"""Ordering a file, so that it carries its code, and issuing the manifest of what came out."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from cobranding.manifests import queries, rules
from cobranding.manifests.model import Manifest, SigningKey
from cobranding.manifests.service.keys import signing_key
from cobranding.rendering import engine, manifest
from cobranding.rendering.codes import code_of
from cobranding.rendering.inputs import Inputs, RenderedFile
from cobranding.templates.service import TemplateVersionView
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
    page: int
    """Which page a picture shows."""
    code: str
    partner_id: int
    template_version_id: int
    statement: manifest.Statement

    def render(self) -> RenderedFile:
        """Make the file; call it outside the transaction. Raises what the engine raises."""
        return engine.render(self.inputs, self.format, self.output, page=self.page)


def verify_page() -> str:
    """Return the address where everybody can have a file looked at."""
    return f"{settings.current().base_url}/verify"


def order(
    version: TemplateVersionView,
    inputs: Inputs,
    *,
    partner_id: int,
    format_key: str,
    output: str | None = None,
    page: int = 1,
) -> Order:
    """Prepare a file of a partner: the same inputs always have the same code, which nobody can guess.

    Raises UnknownFormat.
    """
    fmt = engine.format_of(inputs.document, format_key)
    kind = output or engine.outputs_of(fmt)[0]
    statement = manifest.statement_of(
        inputs,
        fmt,
        kind,
        template=manifest.TemplateIdentity(version.template_id, version.name, version.id, version.number),
        partner_id=partner_id,
        verify_at=verify_page(),
        page=page,
    )
    code = code_of(crypto.keyed_hash(PURPOSE, manifest.canonical(statement).decode()))
    carrying = manifest.with_code(inputs, code, verify_page())
    return Order(carrying, fmt.name, kind, page, code, partner_id, version.id, statement)


def issue(actor: Actor, ordered: Order, file: RenderedFile) -> Manifest:
    """Sign what a file was made of. The same file again has the same manifest, unless its key was revoked meanwhile."""
    return issue_all(actor, [(ordered, file)])[0]


def issue_all(actor: Actor, files: Sequence[tuple[Order, RenderedFile]]) -> list[Manifest]:
    """Sign what each of some files was made of; return the manifests in the order of the files."""
    authorize(actor, Permission.COBRANDING_ARTWORK_READ)
    wanted = {(ordered.code, file.etag): (ordered, file) for ordered, file in files}
    found = queries.of_files(actor, wanted)
    key = signing_key()
    for identity, kept in found.items():
        if not rules.is_trusted(kept.issued_at, queries.key(kept.key_id).revoked_since):
            for name, value in _signed(*wanted[identity], key).items():
                setattr(kept, name, value)
    rows = [
        {
            "partner_id": ordered.partner_id,
            "template_version_id": ordered.template_version_id,
            "code": ordered.code,
            "output_sha256": file.etag,
            **_signed(ordered, file, key),
        }
        for identity, (ordered, file) in wanted.items()
        if identity not in found
    ]
    if rows:
        session.execute(insert(Manifest).on_conflict_do_nothing(), rows)
        found |= queries.of_files(actor, set(wanted) - set(found))
    return [found[ordered.code, file.etag] for ordered, file in files]


def _signed(ordered: Order, file: RenderedFile, key: SigningKey) -> dict[str, Any]:
    now = clock.now()
    issue_now = manifest.Issue(now, key.id)
    content = manifest.canonical(manifest.manifest_of(ordered.statement, code=ordered.code, file=file, issue=issue_now))
    signature = crypto.sign_openly(crypto.unseal(key.private_key_sealed), content)
    return {"content": content.decode(), "signature": signature, "key_id": key.id, "issued_at": now}


def envelope_of(found: Manifest) -> dict[str, Any]:
    """Return a manifest as it is given away: the exact text that is signed, the signature, and which key checks it."""
    return {
        "content": found.content,
        "signature": base64.b64encode(found.signature).decode(),
        "key_id": found.key_id,
    }
