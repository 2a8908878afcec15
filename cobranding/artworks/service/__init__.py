"""The verbs on artworks, and what campaigns may ask.

Gather in the transaction (`inputs_for`, `render_inputs`, `email_inputs`), then produce outside of it (`render`,
`compose`, `preflight`), which touches no database.
"""

from cobranding.artworks.service.editing import create, edit
from cobranding.artworks.service.gathering import (
    email_inputs,
    inputs_for,
    preview_email_inputs,
    preview_inputs,
    render_inputs,
)
from cobranding.artworks.service.hosting import HostedPicture, hosted_picture, picture_file
from cobranding.artworks.service.ordering import order
from cobranding.artworks.service.replacing import replace_picture
from cobranding.rendering.engine import outputs_of, render
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
    "as_seen",
    "compose",
    "create",
    "edit",
    "email_inputs",
    "hosted_picture",
    "inputs_for",
    "order",
    "outputs_of",
    "picture_file",
    "preflight",
    "preview_email_inputs",
    "preview_inputs",
    "render",
    "render_inputs",
    "replace_picture",
]
