"""What a render is made of, gathered before it starts: nothing is looked up while drawing."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cobranding.rendering.document.model import Document
from cobranding.rendering.document.tokens import PARTNER_FIELDS


@dataclass(frozen=True)
class Partner:
    """Whose mark is put on: the fields that a template may show."""

    legal_name: str = ""
    trade_name: str = ""
    contact_person: str = ""
    email: str = ""
    phone: str = ""
    web: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    region: str = ""
    tier: str = ""

    def field(self, name: str) -> str:
        """Return one field by the name that tokens use."""
        return str(getattr(self, name)) if name in PARTNER_FIELDS else ""


@dataclass(frozen=True)
class Brand:
    """Whose work it is."""

    name: str = ""
    legal_name: str = ""
    postal_address: str = ""
    web: str = ""
    email: str = ""


@dataclass(frozen=True)
class InputFile:
    """A file by the hash of its bytes; `read` is called only when no cache has it."""

    sha256: str
    read: Callable[[], bytes]


@dataclass(frozen=True)
class PictureFile(InputFile):
    """A picture; a logo that came as a drawing has its cleaned SVG beside it."""

    alt: str = ""
    vector: InputFile | None = None
    white_box: bool = False
    """Whether a logo stands on white all around, which will show on a coloured ground."""


@dataclass(frozen=True)
class Inputs:
    """Everything one render is made of."""

    content_hash: str
    document: Document
    values: Mapping[str, Any]
    partner: Partner
    brand: Brand
    locale: str
    title: str = ""
    link_url: str = ""
    logos: Mapping[str, PictureFile] = field(default_factory=dict)
    """The partner's logo for a light and for a dark background."""
    images: Mapping[str, PictureFile] = field(default_factory=dict)
    """The brand's pictures, by their name in the document."""
    given: Mapping[int, PictureFile] = field(default_factory=dict)
    """Pictures and logos that the values name, by asset id."""
    fonts: Mapping[str, InputFile] = field(default_factory=dict)
    """The brand's own typefaces, by their name in the document."""
    documents: Mapping[str, InputFile] = field(default_factory=dict)
    """Finished PDFs, by their name in the document."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Why a file of the document or of the values may not be used, by its path: `images.hero`, `values.photo`."""
    verify_url: str = ""
    """Where the finished file can be verified: what `{{verify_url}}` stands for."""
    code: str = ""
    """What the finished file is known by; written into it."""


@dataclass(frozen=True)
class RenderedFile:
    """A finished file."""

    data: bytes
    media_type: str
    filename: str

    @property
    def etag(self) -> str:
        """Return what the file is known by: the hash of its bytes."""
        return hashlib.sha256(self.data).hexdigest()
