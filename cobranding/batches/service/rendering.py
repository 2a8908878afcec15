"""Make the files of one partner: gathered as that partner would, checked as the editor does, rendered, put together."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from cobranding.artworks import service as artworks
from cobranding.artworks.service import Finding, Inputs, RenderedFile
from cobranding.batches import rules
from cobranding.batches.rules import FileWanted
from cobranding.manifests import service as manifests
from cobranding.manifests.service import Order
from cobranding.templates.service import TemplateVersionView
from tcma.accounts import service as accounts
from tcma.kernel.actor import Actor
from tcma.kernel.errors import DomainError, Unavailable

NEVER = (1980, 1, 1, 0, 0, 0)
"""The time of every entry, so that the same files make the same zip."""


@dataclass(frozen=True)
class Gathered:
    """What the files of a partner are made of."""

    inputs: Inputs
    orders: tuple[Order, ...]


@dataclass(frozen=True)
class Made:
    """The finished files of a partner, and what should be known about them."""

    files: tuple[tuple[Order, RenderedFile], ...]
    findings: tuple[dict[str, Any], ...]

    @property
    def size_bytes(self) -> int:
        """Return how much it is."""
        return sum(len(file.data) for _, file in self.files)


@dataclass(frozen=True)
class Failed:
    """Why a partner has no files."""

    reason: str
    findings: tuple[dict[str, Any], ...] = ()


def gather(
    actor: Actor,
    partner_id: int,
    version: TemplateVersionView,
    *,
    files: Sequence[FileWanted],
    values: Mapping[str, Any],
    values_by_locale: Mapping[str, Mapping[str, Any]],
    locale: str = "",
) -> Gathered:
    """Gather what the files of a partner are made of, as that partner. Raises what an artwork of theirs would."""
    if values_by_locale:
        spoken = locale or accounts.partner_profile(actor, partner_id).locale
        values = rules.values_for(spoken, values, values_by_locale)
    inputs = artworks.brand_inputs(actor, partner_id, version.id, values, locale=locale)
    orders = tuple(
        manifests.order(version, inputs, partner_id=partner_id, format_key=wanted.format, output=wanted.output)
        for wanted in files
    )
    return Gathered(inputs, orders)


def produce(gathered: Gathered) -> Made | Failed:
    """Check, then render; call it outside the transaction. Raises Unavailable."""
    found = artworks.preflight(gathered.inputs, {order.format for order in gathered.orders})
    told = tuple(asdict(finding) for finding in found)
    errors = [finding for finding in found if finding.severity == "error"]
    if errors:
        return Failed(_reason(errors), told)
    try:
        return Made(tuple((order, order.render()) for order in gathered.orders), told)
    except Unavailable:
        raise
    except DomainError as error:
        return Failed(error.detail, told)


def _reason(errors: Sequence[Finding]) -> str:
    return " ".join(dict.fromkeys(finding.message for finding in errors))


def part_of(folder: str, made: Made, envelopes: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the files of a partner with their manifests, as they will lie in the zip."""
    written = io.BytesIO()
    with ZipFile(written, "w", ZIP_STORED) as part:
        for (_, file), envelope in zip(made.files, envelopes, strict=True):
            part.writestr(ZipInfo(f"{folder}/{file.filename}", NEVER), file.data)
            text = json.dumps(envelope, indent=1, sort_keys=True, ensure_ascii=False)
            part.writestr(ZipInfo(f"{folder}/{file.filename}.manifest.json", NEVER), text)
    return written.getvalue()
