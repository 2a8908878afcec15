"""The verbs on templates, and what artworks and campaigns may ask."""

from cobranding.templates.queries import TemplateVersionView, TemplateView
from cobranding.templates.service.comparing import Comparison, compare
from cobranding.templates.service.exchange import CheckedImport, Export, checked, packed, take_in, to_export
from cobranding.templates.service.files import DocumentFiles, files_of, picture_files
from cobranding.templates.service.versions import (
    create,
    document_of,
    document_schema,
    gallery,
    newest_published,
    prove,
    publish,
    save_draft,
    start_version,
    to_publish,
    usable_version,
    version,
    withdraw,
    withdrawn_among,
)

__all__ = [
    "CheckedImport",
    "Comparison",
    "DocumentFiles",
    "Export",
    "TemplateVersionView",
    "TemplateView",
    "checked",
    "compare",
    "create",
    "document_of",
    "document_schema",
    "files_of",
    "gallery",
    "newest_published",
    "packed",
    "picture_files",
    "prove",
    "publish",
    "save_draft",
    "start_version",
    "take_in",
    "to_export",
    "to_publish",
    "usable_version",
    "version",
    "withdraw",
    "withdrawn_among",
]
