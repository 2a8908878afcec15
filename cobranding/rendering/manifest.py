"""What a file was made of, said so exactly that the file can be made again: by hashes, in canonical JSON.

A *statement* is everything that goes into a file, known before it is drawn; a *manifest* is the statement with the hash
of the file that came out, the day, and the key that signs it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import pikepdf
import PIL
import reportlab
import uharfbuzz

from cobranding.rendering.cache import Kept
from cobranding.rendering.document.model import ContactElement, Document, Format, Styled
from cobranding.rendering.inputs import Brand, Inputs, Partner, PictureFile, RenderedFile
from cobranding.rendering.typography.fonts import FontKey, face

SCHEMA = 1
ENGINE = " ".join(
    (
        "1",
        f"pikepdf/{pikepdf.__version__}",
        f"pillow/{PIL.__version__}",
        f"reportlab/{reportlab.Version}",
        f"uharfbuzz/{uharfbuzz.__version__}",
    )
)
"""What draws; the first number goes up when the same inputs begin to give other bytes."""

Statement = dict[str, Any]

_font_hashes: Kept[FontKey, str] = Kept(64, "font_hashes")


@dataclass(frozen=True)
class TemplateIdentity:
    """Which version of which template a file is made from."""

    id: int
    name: str
    version_id: int
    number: int


@dataclass(frozen=True)
class Issue:
    """When a manifest is signed, and under which key."""

    at: datetime
    key_id: int


def statement_of(
    inputs: Inputs, fmt: Format, output: str, *, template: TemplateIdentity, partner_id: int, verify_at: str
) -> Statement:
    """Return everything that a file is made of. `verify_at` is the address that the code is put behind."""
    return {
        "schema": SCHEMA,
        "engine": ENGINE,
        "template": {**asdict(template), "content_hash": inputs.content_hash},
        "format": fmt.name,
        "output": output,
        "locale": inputs.locale,
        "title": inputs.title,
        "values": dict(inputs.values),
        "values_sha256": hashlib.sha256(canonical(inputs.values)).hexdigest(),
        "link_url": inputs.link_url,
        "verify_at": verify_at,
        "partner": {"id": partner_id, **asdict(inputs.partner)},
        "brand": asdict(inputs.brand),
        "fonts": fonts_of(inputs.document, fmt),
        "logos": _hashes(inputs.logos),
        "images": _hashes(inputs.images),
        "given": _hashes(inputs.given),
    }


def manifest_of(statement: Statement, *, code: str, file: RenderedFile, issue: Issue) -> Statement:
    """Return the statement with what came out of it."""
    made = {"sha256": file.etag, "size_bytes": len(file.data), "media_type": file.media_type}
    return {**statement, "code": code, "file": made, "issued_at": issue.at.isoformat(), "key_id": issue.key_id}


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return the one way to write something as JSON: keys sorted, no blanks, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def fonts_of(document: Document, fmt: Format) -> list[dict[str, Any]]:
    """Return the fonts that a format is set in, each with the hash of the file that is embedded."""
    names: set[str] = set()
    for element in fmt.elements:
        if isinstance(element, Styled):
            names.update((element.style, *element.open.styles))
        if isinstance(element, ContactElement) and element.name_style:
            names.add(element.name_style)
    fonts: dict[FontKey, dict[str, Any]] = {}
    for name in sorted(names):
        style = document.styles[name]
        used = face(style.family, style.weight, document.scripts, italic=style.italic)
        sha256 = _font_hashes.get(used.key, lambda data=used.data: hashlib.sha256(data).hexdigest())  # type: ignore[misc]
        fonts[used.key] = {
            "family": style.family,
            "weight": style.weight,
            "italic": style.italic,
            "sha256": sha256,
        }
    return [fonts[key] for key in sorted(fonts, key=repr)]


def with_code(inputs: Inputs, code: str, verify_at: str) -> Inputs:
    """Return the inputs of a file that carries a code, and says where it is verified."""
    return replace(inputs, code=code, verify_url=f"{verify_at}/{code}")


def pictures_in(manifest: Mapping[str, Any]) -> set[str]:
    """Return the hashes of the pictures that a file was made with."""
    return {sha256 for group in ("logos", "images", "given") for sha256 in manifest[group].values()}


def inputs_from(manifest: Mapping[str, Any], document: Document, read: Mapping[str, Callable[[], bytes]]) -> Inputs:
    """Return what a file was made of, to make it again; `read` gives the pictures by their hash."""

    def pictures(group: str) -> dict[str, PictureFile]:
        return {name: PictureFile(sha256, read[sha256]) for name, sha256 in manifest[group].items()}

    partner = {name: value for name, value in manifest["partner"].items() if name != "id"}
    inputs = Inputs(
        content_hash=manifest["template"]["content_hash"],
        document=document,
        values=manifest["values"],
        partner=Partner(**partner),
        brand=Brand(**manifest["brand"]),
        locale=manifest["locale"],
        title=manifest["title"],
        link_url=manifest["link_url"],
        logos=pictures("logos"),
        images=pictures("images"),
        given={int(name): picture for name, picture in pictures("given").items()},
    )
    return with_code(inputs, manifest["code"], manifest["verify_at"])


def _hashes(pictures: Mapping[Any, PictureFile]) -> dict[str, str]:
    return {str(name): picture.sha256 for name, picture in sorted(pictures.items(), key=lambda item: str(item[0]))}
