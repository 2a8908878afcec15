"""A template as one zip: the document, what lies beside it, and a manifest that names each file by its hash.

Packed without compression and without times, so that the same version gives the same bytes on every machine. Unpacking
trusts nothing: `manifest.json` says what is inside, and what is not exactly that is refused before anything is kept.
"""

import hashlib
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator

from cobranding.rendering.errors import BundleInvalid

BUNDLE_VERSION = 1
MANIFEST, DOCUMENT = "manifest.json", "document.json"
PATH = r"^(images|fonts|documents)/[a-z][a-z0-9_]{0,39}\.[a-z0-9]{2,5}$"
MOST_FILES = 90
MOST_BYTES = 150 * 1024 * 1024
MOST_JSON_BYTES = 1024 * 1024
MOST_RATIO = 100
"""How many times larger a compressed file may become; JSON stays far below."""
MOST_DIRECTORY_BYTES = 64 * 1024
CHUNK = 256 * 1024
WHEN = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can name."""
END = b"PK\x05\x06"
END_OF_LARGE = b"PK\x06\x07"
END_BYTES = 22
"""The end record of a zip without a comment (APPNOTE 6.3.10, 4.3.16), and what stands before it in a zip64."""
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)

_SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_SCHEMA = {
    "type": "object",
    "required": ["bundle", "name", "document", "files"],
    "properties": {
        "bundle": {"const": BUNDLE_VERSION},
        "name": {"type": "string", "minLength": 1, "maxLength": 120},
        "document": _SHA256,
        "files": {
            "type": "array",
            "maxItems": MOST_FILES,
            "items": {
                "type": "object",
                "required": ["path", "stands_for", "kind", "name", "sha256"],
                "properties": {
                    "path": {"type": "string", "pattern": PATH},
                    "stands_for": {
                        "type": "string",
                        "pattern": r"^(images|brand\.fonts|documents)\.[a-z][a-z0-9_]{0,39}$",
                    },
                    "kind": {"enum": ["photo", "logo", "font", "document"]},
                    "name": {"type": "string", "minLength": 1, "maxLength": 120},
                    "sha256": _SHA256,
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
KINDS = {"images": ("photo", "logo"), "fonts": ("font",), "documents": ("document",)}


@dataclass(frozen=True)
class BundledFile:
    """A file beside the document: what it stands for there, what it is, and its bytes."""

    stands_for: str
    kind: str
    name: str
    extension: str
    data: bytes

    @property
    def sha256(self) -> str:
        """Return the hash of its bytes."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def path(self) -> str:
        """Return where it lies in the zip: a name of ours."""
        group, _, name = self.stands_for.removeprefix("brand.").partition(".")
        return f"{group}/{name}.{self.extension}"


@dataclass(frozen=True)
class Bundle:
    """A template to be packed, or one that was unpacked and is what its manifest says."""

    name: str
    document: Mapping[str, Any]
    files: Sequence[BundledFile]


def pack(bundle: Bundle) -> bytes:
    """Return a template as a zip; the same template gives the same bytes."""
    document = _json(bundle.document)
    files = sorted(bundle.files, key=lambda file: file.path)
    manifest = {
        "bundle": BUNDLE_VERSION,
        "name": bundle.name,
        "document": hashlib.sha256(document).hexdigest(),
        "files": [
            {
                "path": each.path,
                "stands_for": each.stands_for,
                "kind": each.kind,
                "name": each.name,
                "sha256": each.sha256,
            }
            for each in files
        ],
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        entries = [(MANIFEST, _json(manifest)), (DOCUMENT, document), *((each.path, each.data) for each in files)]
        for path, data in entries:
            entry = zipfile.ZipInfo(path, WHEN)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, data)
    return written.getvalue()


def unpack(data: bytes) -> Bundle:
    """Return what a zip holds, after all of it was checked.

    Raises BundleInvalid, which says what is wrong with which entry.
    """
    if len(data) < END_BYTES or data[-END_BYTES:][:4] != END or data[-END_BYTES - 20 :][:4] == END_OF_LARGE:
        raise _refusal(MANIFEST, "is missing: this is no zip, or not one of a template")
    if struct.unpack("<I", data[-10:-6])[0] > MOST_DIRECTORY_BYTES:
        raise _refusal(MANIFEST, "is not alone with its files: the zip lists far too many")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive)
    except BROKEN as error:
        raise _refusal("zip", "is broken and cannot be read") from error


def _read(archive: zipfile.ZipFile) -> Bundle:
    entries = _entries(archive)
    manifest = _parsed(MANIFEST, _content(archive, entries, MANIFEST, MOST_JSON_BYTES))
    error = next(Draft202012Validator(_SCHEMA).iter_errors(manifest), None)
    if error is not None:
        raise _refusal(MANIFEST, f"is not one that we know: {error.message[:200]}")
    listed = {each["path"]: each for each in manifest["files"]}
    if set(entries) != {MANIFEST, DOCUMENT, *listed} or len(listed) != len(manifest["files"]):
        stray = sorted(set(entries) ^ {MANIFEST, DOCUMENT, *listed}) or [MANIFEST]
        raise _refusal(stray[0][:120], "is in the zip or in its manifest, but not once in both")
    document = _content(archive, entries, DOCUMENT, MOST_JSON_BYTES)
    _check_hash(DOCUMENT, document, manifest["document"])
    left = MOST_BYTES
    files = []
    for path, each in listed.items():
        content = _content(archive, entries, path, left)
        left -= len(content)
        _check_hash(path, content, each["sha256"])
        file = BundledFile(each["stands_for"], each["kind"], each["name"], path.rpartition(".")[2], content)
        if file.path != path or file.kind not in KINDS[path.partition("/")[0]]:
            raise _refusal(path, "does not lie where the manifest's own words would put it")
        files.append(file)
    return Bundle(manifest["name"], _parsed(DOCUMENT, document), files)


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    entries: dict[str, zipfile.ZipInfo] = {}
    for entry in archive.infolist():
        name = entry.filename
        if name not in (MANIFEST, DOCUMENT) and (name.endswith("\n") or not re.match(PATH, name)):
            raise _refusal(name[:120], "does not belong into the zip of a template")
        if name in entries:
            raise _refusal(name, "is there twice")
        if entry.flag_bits & 0x1:
            raise _refusal(name, "is encrypted")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refusal(name, "is compressed in a way that is not read here")
        if entry.file_size > MOST_RATIO * max(entry.compress_size, 1024):
            raise _refusal(name, "is far larger than the zip makes it look")
        entries[name] = entry
    return entries


def _content(archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], name: str, most: int) -> bytes:
    """Read an entry piece by piece, and stop as soon as it is larger than it may be, whatever it says of itself."""
    if name not in entries:
        raise _refusal(name, "is missing")
    pieces: list[bytes] = []
    size = 0
    with archive.open(entries[name]) as stream:
        while piece := stream.read(CHUNK):
            size += len(piece)
            if size > most:
                raise _refusal(name, f"is larger than the {most} bytes that are left for it")
            pieces.append(piece)
    return b"".join(pieces)


def _parsed(name: str, data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _refusal(name, "is not JSON") from error


def _check_hash(name: str, data: bytes, sha256: str) -> None:
    if hashlib.sha256(data).hexdigest() != sha256:
        raise _refusal(name, "is not the file that the manifest names: its hash differs")


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False).encode()


def _refusal(name: str, sentence: str) -> BundleInvalid:
    return BundleInvalid(f"{name} {sentence}.", errors={name: [sentence]})
