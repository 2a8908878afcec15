"""Why a file is refused, each reason with a sentence for the person who sent it."""

from tcma.kernel.errors import Invalid, Unavailable


class FileRefused(Invalid):
    """A file that is not taken; the sentence stands at the field ``file``."""

    code = "file_refused"
    message = "This file cannot be used."

    def __init__(self, message: str = "") -> None:
        """Put the sentence at the file field too, so that a form can show it there."""
        sentence = message or self.message
        super().__init__(sentence, errors={"file": [sentence]})


class TooManyAtOnce(Unavailable):
    """Other files are being opened; one more would not fit into memory."""

    code = "files_busy"
    message = "Many files are being checked right now. Send this one again in a minute."


class FileEmpty(FileRefused):
    """No bytes."""

    code = "file_empty"
    message = "The file is empty (0 bytes). Choose it again; it may not have finished saving."


class FileTooLarge(FileRefused):
    """More bytes than allowed."""

    code = "file_too_large"
    message = "The file is too large."


class FileNotRecognized(FileRefused):
    """None of the types that are taken."""

    code = "file_not_recognized"
    message = "This is not a picture or document we can read. Send a PNG, JPEG, WebP, SVG, PDF, TTF, OTF or WOFF2."


class WrongFileType(FileRefused):
    """A type that is known, but not wanted here."""

    code = "file_wrong_type"
    message = "This type of file is not accepted here."


class NameContradictsContent(FileRefused):
    """The extension says one thing, the bytes another."""

    code = "file_name_contradicts_content"
    message = "The file's name does not match what is in it."


class FileBroken(FileRefused):
    """Starts like a known type and cannot be decoded."""

    code = "file_broken"
    message = "The file is damaged or incomplete and cannot be opened. Save it again from the program that made it."


class TooManyPixels(FileRefused):
    """A decompression bomb, or simply too large a picture."""

    code = "too_many_pixels"
    message = "The picture has too many pixels."


class DrawingHasScript(FileRefused):
    """Script, an event handler or a script address inside an SVG."""

    code = "svg_script"
    message = "The SVG contains a script. Export it again as a plain drawing without scripts or interaction."


class DrawingHasEntities(FileRefused):
    """Entity declarations inside an SVG."""

    code = "svg_entities"
    message = "The SVG declares its own entities. Save it as “plain SVG” and send it again."


class DrawingReachesOutside(FileRefused):
    """An address outside the file itself."""

    code = "svg_external_reference"
    message = "The SVG loads something from another address. Embed the pictures and fonts, or convert them to outlines."


class DrawingTooComplex(FileRefused):
    """More elements, or a longer drawing time, than a logo can need."""

    code = "svg_too_complex"
    message = "The SVG is too complex to draw. Simplify it, or send a PNG instead."


class DrawingEmpty(FileRefused):
    """Nothing visible."""

    code = "picture_empty"
    message = "The picture is completely transparent: there is nothing to see in it."


class DocumentEncrypted(FileRefused):
    """A PDF that asks for a password."""

    code = "pdf_encrypted"
    message = "The PDF asks for a password. Print it to a new PDF without protection and send that."


class TooManyPages(FileRefused):
    """More pages than a proof needs."""

    code = "pdf_too_many_pages"
    message = "The PDF has too many pages."


class FontBroken(FileRefused):
    """A typeface that cannot be read within the bounds, or lacks what every typeface has."""

    code = "font_broken"
    message = "This typeface is damaged or incomplete. Export it again as TTF or OTF and send it again."


class FontTooLarge(FileRefused):
    """More glyphs, tables or unpacked bytes than are taken."""

    code = "font_too_large"
    message = "This typeface is too large: at most 40,000 glyphs are accepted. Send the edition for your languages."


class FontNotEmbeddable(FileRefused):
    """A typeface whose maker does not let it be embedded (OS/2 fsType)."""

    code = "font_not_embeddable"
    message = "This typeface may not be embedded in documents. Ask its maker for a licence."
