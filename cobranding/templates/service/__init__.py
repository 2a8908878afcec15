"""The verbs on templates, and what artworks and campaigns may ask or register.

A room that makes something of a version registers what it makes with `register_use`, so that a recall finds it.
"""

from cobranding.templates.queries import TemplateVersionView, TemplateView
from cobranding.templates.service.comparing import Comparison, compare
from cobranding.templates.service.exchange import CheckedImport, Export, checked, packed, take_in, to_export
from cobranding.templates.service.files import DocumentFiles, files_of, picture_files
from cobranding.templates.service.recall import (
    RecallView,
    finish_recall,
    present_version,
    recall_of,
    settle_next,
    successor_of,
    unfinished_recalls,
    withdraw,
)
from cobranding.templates.service.uses import (
    Recall,
    Use,
    UseKind,
    UsesView,
    register_use,
    to_settle,
    uses,
)
from cobranding.templates.service.versions import (
    create,
    document_of,
    document_schema,
    edit,
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
    withdrawn_among,
)

__all__ = [
    "CheckedImport",
    "Comparison",
    "DocumentFiles",
    "Export",
    "Recall",
    "RecallView",
    "TemplateVersionView",
    "TemplateView",
    "Use",
    "UseKind",
    "UsesView",
    "checked",
    "compare",
    "create",
    "document_of",
    "document_schema",
    "edit",
    "files_of",
    "finish_recall",
    "gallery",
    "newest_published",
    "packed",
    "picture_files",
    "present_version",
    "prove",
    "publish",
    "recall_of",
    "register_use",
    "replace_picture",
    "save_draft",
    "settle_next",
    "start_version",
    "successor_of",
    "take_in",
    "to_export",
    "to_publish",
    "to_settle",
    "unfinished_recalls",
    "usable_version",
    "uses",
    "version",
    "withdraw",
    "withdrawn_among",
]
