"""Everything that can go wrong between a document, its values and the finished file."""

from tcma.kernel.errors import Invalid, NotFound


class DocumentInvalid(Invalid):
    """Report a template document that cannot be used; `errors` maps the path in the document to its sentences."""

    code = "template_document_invalid"
    message = "The template document needs to be corrected at the places named."


class ValuesRefused(Invalid):
    """Report values that the template does not open; `errors` maps the value's name to its sentences."""

    code = "values_refused"
    message = "Some of the values cannot be used in this template."


class ValuesMissing(Invalid):
    """Report required values that are not there yet."""

    code = "values_missing"
    message = "Some values are still needed before this can be produced."


class TextOverflow(Invalid):
    """Report a text that does not fit its box, even at the smallest size."""

    code = "text_overflow"
    message = "A text does not fit into its box."


class MissingGlyph(Invalid):
    """Report a character that the template's typeface does not have."""

    code = "missing_glyph"
    message = "A character is missing from the typeface of this template."


class PictureUnusable(Invalid):
    """Report a picture that cannot be drawn."""

    code = "picture_unusable"
    message = "A picture in this template cannot be drawn."


class UnknownFormat(NotFound):
    """Report a format that the template does not have."""

    code = "unknown_format"
    message = "The template has no such format."


class PreflightFailed(Invalid):
    """Report what the check before rendering found to be wrong; `errors` maps each place to its sentences."""

    code = "preflight_failed"
    message = "Something has to be put right before this can be produced."
