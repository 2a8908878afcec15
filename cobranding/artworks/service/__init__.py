"""The verbs on artworks, and what campaigns may ask.

Gather in the transaction (`inputs_for`, `render_inputs`, `email_inputs`), then produce outside of it (`render`,
`sample`, `compose`, `preflight`), which touches no database.
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
    "as_seen",
    "compose",
    "create",
    "edit",
    "email_inputs",
    "hosted_picture",
    "inputs_for",
    "outputs_of",
    "picture_file",
    "preflight",
    "preview_email_inputs",
    "preview_inputs",
    "render",
    "render_inputs",
    "sample",
]
