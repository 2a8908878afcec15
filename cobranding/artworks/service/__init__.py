"""The verbs on artworks, and what campaigns may ask.

Gather in the transaction (`inputs_for`, `render_inputs`, `email_inputs`), then produce outside of it (`render`,
`sample`, `compose`, `preflight`), which touches no database. Finished files come from `inputs_for`, which asks for an
approval where the template needs one; `look_inputs` and `look` show an artwork to those who work on it or decide.
"""

from cobranding.artworks.service.editing import create, edit, move_on, version_to_move_to
from cobranding.artworks.service.gathering import (
    brand_inputs,
    email_inputs,
    inputs_for,
    look_inputs,
    preview_email_inputs,
    preview_inputs,
    render_inputs,
)
from cobranding.artworks.service.hosting import HostedPicture, hosted_picture, picture_file
from cobranding.artworks.service.looking import check_preview, look
from cobranding.artworks.service.ordering import order
from cobranding.artworks.service.recalling import unfit_for
from cobranding.artworks.service.replacing import replace_picture
from cobranding.artworks.service.reviewing import approve, count_waiting, queue, reject, reviews, submit
from cobranding.artworks.service.trust import is_reviewed_first, may_be_used
from cobranding.rendering.document.mjml import text_problems
from cobranding.rendering.document.values import missing_values
from cobranding.rendering.engine import outputs_of, render, sample
from cobranding.rendering.inputs import Inputs, RenderedFile
from cobranding.rendering.mail.composing import CompiledEmail, MailInputs, as_seen, compose
from cobranding.rendering.preflight import Finding, preflight

__all__ = [
    "CompiledEmail",
    "Finding",
    "HostedPicture",
    "Inputs",
    "MailInputs",
    "RenderedFile",
    "approve",
    "as_seen",
    "brand_inputs",
    "check_preview",
    "compose",
    "count_waiting",
    "create",
    "edit",
    "email_inputs",
    "hosted_picture",
    "inputs_for",
    "is_reviewed_first",
    "look",
    "look_inputs",
    "may_be_used",
    "missing_values",
    "move_on",
    "order",
    "outputs_of",
    "picture_file",
    "preflight",
    "preview_email_inputs",
    "preview_inputs",
    "queue",
    "reject",
    "render",
    "render_inputs",
    "replace_picture",
    "reviews",
    "sample",
    "submit",
    "text_problems",
    "unfit_for",
    "version_to_move_to",
]
