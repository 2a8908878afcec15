"""What a file was made of, said so exactly that the file can be made again: by hashes, in canonical JSON.

A *statement* is everything that goes into a file, known before it is drawn; a *manifest* is the statement with the hash
of the file that came out, the day, and the key that signs it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib.metadata import version
from typing import Any

from cobranding.rendering.cache import Kept
from cobranding.rendering.document.model import Document, Format
from cobranding.rendering.inputs import Brand, InputFile, Inputs, Partner, PictureFile, RenderedFile
from cobranding.rendering.pdf.fonts import program_of
from cobranding.rendering.styling import faces_in
from cobranding.rendering.typography.fonts import Face, FontKey

SCHEMA = 1
DRAWING = (
    "fonttools",
    "markdown-it-py",
    "pikepdf",
    "pillow",
    "pyicu-wheels",
    "pypdfium2",
    "python-pptx",
    "reportlab",
    "segno",
    "svglib",
    "uharfbuzz",
)
"""The libraries that have a say in the bytes of a file."""
ENGINE = " ".join(("1", *(f"{name}/{version(name)}" for name in DRAWING)))
"""What draws; the first number goes up when the same inputs begin to give other bytes."""

Statement = dict[str, Any]
PICTURES, FILES = ("logos", "images", "given"), ("typefaces", "documents")
"""The groups of files that a statement names by their hashes."""

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
    inputs: Inputs,
    fmt: Format,
    output: str,
    *,
    template: TemplateIdentity,
    partner_id: int,
    verify_at: str,
    page: int = 1,
) -> Statement:
    """Return everything that a file is made of. `verify_at` is the address that the code is put behind."""
    return {
        "schema": SCHEMA,
        "engine": ENGINE,
        "template": {**asdict(template), "content_hash": inputs.content_hash},
        "format": fmt.name,
        "output": output,
        "page": page,
        "locale": inputs.locale,
        "title": inputs.title,
        "values": dict(inputs.values),
        "values_sha256": hashlib.sha256(canonical(inputs.values)).hexdigest(),
        "link_url": inputs.link_url,
        "verify_at": verify_at,
        "partner": {"id": partner_id, **asdict(inputs.partner)},
        "brand": asdict(inputs.brand),
        "fonts": fonts_of(inputs, fmt),
        "logos": _pictures(inputs.logos),
        "images": _pictures(inputs.images),
        "given": _pictures(inputs.given),
        "typefaces": _files(inputs.fonts),
        "documents": _files(inputs.documents),
    }


def manifest_of(statement: Statement, *, code: str, file: RenderedFile, issue: Issue) -> Statement:
    """Return the statement with what came out of it."""
    made = {"sha256": file.etag, "size_bytes": len(file.data), "media_type": file.media_type}
    return {**statement, "code": code, "file": made, "issued_at": issue.at.isoformat(), "key_id": issue.key_id}


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return the one way to write something as JSON: keys sorted, no blanks, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def fonts_of(inputs: Inputs, fmt: Format) -> list[dict[str, Any]]:
    """Return the fonts that a format is set in, each with the hash of the program that is embedded in PDFs.

    Raises FontUnusable.
    """
    return [_font(face) for face in sorted(faces_in(fmt.elements, inputs), key=lambda face: repr(face.key))]


def _font(face: Face) -> dict[str, Any]:
    sha256 = _font_hashes.get(face.key, lambda: hashlib.sha256(program_of(face)[0]).hexdigest())
    key = face.key
    return {"family": key.family, "weight": key.weight, "italic": key.italic, "sha256": sha256}


def with_code(inputs: Inputs, code: str, verify_at: str) -> Inputs:
    """Return the inputs of a file that carries a code, and says where it is verified."""
    return replace(inputs, code=code, verify_url=f"{verify_at}/{code}")


def files_in(manifest: Mapping[str, Any]) -> set[str]:
    """Return the hashes of the files that something was made with: pictures, typefaces, finished PDFs."""
    pictures = [picture for group in PICTURES for picture in manifest[group].values()]
    hashes = {picture["sha256"] for picture in pictures} | {picture["vector"] for picture in pictures}
    return (hashes | {sha256 for group in FILES for sha256 in manifest[group].values()}) - {""}


def inputs_from(manifest: Mapping[str, Any], document: Document, read: Mapping[str, Callable[[], bytes]]) -> Inputs:
    """Return what a file was made of, to make it again; `read` gives the files by their hash."""

    def file(sha256: str) -> InputFile:
        return InputFile(sha256, read[sha256])

    def pictures(group: str) -> dict[str, PictureFile]:
        return {
            name: PictureFile(
                told["sha256"],
                read[told["sha256"]],
                alt=told["alt"],
                vector=file(told["vector"]) if told["vector"] else None,
                white_box=told["white_box"],
            )
            for name, told in manifest[group].items()
        }

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
        fonts={name: file(sha256) for name, sha256 in manifest["typefaces"].items()},
        documents={name: file(sha256) for name, sha256 in manifest["documents"].items()},
    )
    return with_code(inputs, manifest["code"], manifest["verify_at"])


def _pictures(pictures: Mapping[Any, PictureFile]) -> dict[str, dict[str, Any]]:
    return {
        str(name): {
            "sha256": picture.sha256,
            "vector": picture.vector.sha256 if picture.vector else "",
            "white_box": picture.white_box,
            "alt": picture.alt,
        }
        for name, picture in sorted(pictures.items(), key=lambda item: str(item[0]))
    }


def _files(files: Mapping[str, InputFile]) -> dict[str, str]:
    return {name: file.sha256 for name, file in sorted(files.items())}
