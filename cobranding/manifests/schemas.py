"""What the doors of manifests take and give."""

import base64
from typing import Any

from flask_smorest.fields import Upload as UploadField
from marshmallow import fields

from cobranding.manifests.rules import VerdictState
from tcma.web.fields import Input, Output, StateField


class VerifyFile(Input):
    """A file to look at."""

    file: Any = UploadField(required=True, error_messages={"required": "Choose a file."})


class RotateKey(Input):
    """Let a new key sign."""


class RevokeKey(Input):
    """Trust nothing that a key signed since a time; now, unless it is given."""

    since = fields.AwareDateTime()


class VerdictOut(Output):
    """What a file or a code is."""

    state = StateField(VerdictState)
    sentence = fields.String()
    template = fields.String()
    version_number = fields.Integer(allow_none=True)
    brand = fields.String()
    partner = fields.String()
    issued_on = fields.Date(allow_none=True)
    recomputed = fields.Boolean(metadata={"description": "the file was made again, and came out the same"})
    not_recomputed_because = fields.String()
    successor_number = fields.Integer(allow_none=True)
    withdrawn_reason = fields.String()


class KeyOut(Output):
    """A key that signs or signed manifests; its public half, for checking them without us."""

    id = fields.Integer()
    algorithm = fields.String()
    public_key = fields.Function(
        lambda key: base64.b64encode(key.public_key).decode(), metadata={"type": "string", "description": "base64"}
    )
    created_at = fields.DateTime()
    retired_at = fields.DateTime(allow_none=True)
    revoked_since = fields.DateTime(allow_none=True)


class ManifestOut(Output):
    """A manifest as it stands in lists."""

    id = fields.Integer()
    partner_id = fields.Integer()
    template_version_id = fields.Integer()
    code = fields.String()
    output_sha256 = fields.String()
    key_id = fields.Integer()
    issued_at = fields.DateTime()


class EnvelopeOut(Output):
    """A manifest with its signature: Ed25519, over the bytes of `content` in UTF-8."""

    content = fields.String(metadata={"description": "canonical JSON, exactly as it is signed"})
    signature = fields.String(metadata={"description": "base64"})
    key_id = fields.Integer(metadata={"description": "which of GET /manifests/keys"})
