"""Everything that can go wrong between a document, its values and the finished file."""

from tcma.kernel.errors import Invalid, NotFound


class DocumentInvalid(Invalid):
    """Report a template document that cannot be used; `errors` maps the path in the document to its sentences."""

    code = "template_document_invalid"
    message = "The template document needs to be corrected at the places named."


class BundleInvalid(Invalid):
    """Report a zip that is no template, or not what its manifest says; `errors` maps the entry to its sentences."""

    code = "template_bundle_invalid"
    message = "This zip cannot be taken as a template."


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


class OffThePage(Invalid):
    """Report an element that follows another one and would leave the page, or its safe area."""

    code = "off_the_page"
    message = "Something in this template would leave the page."


class MissingGlyph(Invalid):
    """Report a character that the template's typeface does not have."""

    code = "missing_glyph"
    message = "A character is missing from the typeface of this template."


class FontUnusable(Invalid):
    """Report a typeface of the brand that is missing or cannot be used."""

    code = "font_unusable"
    message = "A typeface of this template cannot be used."


class PictureUnusable(Invalid):
    """Report a picture that cannot be drawn."""

    code = "picture_unusable"
    message = "A picture in this template cannot be drawn."


class DocumentUnusable(Invalid):
    """Report a finished PDF that cannot be used."""

    code = "document_unusable"
    message = "A finished PDF in this template cannot be used."


class UnknownFormat(NotFound):
    """Report a format that the template does not have."""

    code = "unknown_format"
    message = "The template has no such format."


class PreflightFailed(Invalid):
    """Report what the check before rendering found to be wrong; `errors` maps each place to its sentences."""

    code = "preflight_failed"
    message = "Something has to be put right before this can be produced."
