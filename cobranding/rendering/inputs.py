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
class PictureFile:
    """A picture by the hash of its bytes; `read` is called only when no cache has it."""

    sha256: str
    read: Callable[[], bytes]


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
    """Pictures that the values name, by asset id."""
    code: str = ""
    """What the file is known by where it can be verified; written into the file."""
    verify_url: str = ""


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
