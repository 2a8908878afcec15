"""The verbs on templates, and what artworks and campaigns may ask."""

from cobranding.templates.queries import TemplateVersionView, TemplateView
from cobranding.templates.service.files import DocumentFiles, files_of, picture_files
from cobranding.templates.service.versions import (
    create,
    document_of,
    document_schema,
    gallery,
    newest_published,
    prove,
    publish,
    replace_picture,
    save_draft,
    start_version,
    to_publish,
    usable_version,
    version,
    withdraw,
    withdrawn_among,
)

__all__ = [
    "DocumentFiles",
    "TemplateVersionView",
    "TemplateView",
    "create",
    "document_of",
    "document_schema",
    "files_of",
    "gallery",
    "newest_published",
    "picture_files",
    "prove",
    "publish",
    "replace_picture",
    "save_draft",
    "start_version",
    "to_publish",
    "usable_version",
    "version",
    "withdraw",
    "withdrawn_among",
]
