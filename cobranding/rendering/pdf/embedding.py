"""Puts pictures into a PDF, as they were encoded."""

from pikepdf import Dictionary, Name, Pdf, Stream

from cobranding.rendering.pictures.pixels import Encoded


def empty_picture(pdf: Pdf) -> Stream:
    """Make an object that a picture will be put into; one white pixel until then."""
    stream = Stream(pdf, b"\xff")
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.Width, stream.Height, stream.BitsPerComponent, stream.ColorSpace = 1, 1, 8, Name.DeviceGray
    return stream


def put_picture(stream: Stream, mask: Stream, picture: Encoded) -> None:
    """Put a picture, with its transparency, into the object made for it."""
    if picture.jpeg is not None:
        stream.write(picture.jpeg, filter=Name.DCTDecode)
    else:
        stream.write(picture.deflated or b"", filter=Name.FlateDecode, decode_parms=_predictor(picture.width, 3))
    stream.Width, stream.Height, stream.ColorSpace = picture.width, picture.height, Name.DeviceRGB
    if picture.alpha is None:
        if Name.SMask in stream:
            del stream.SMask
        return
    mask.write(picture.alpha, filter=Name.FlateDecode, decode_parms=_predictor(picture.width, 1))
    mask.Width, mask.Height = picture.width, picture.height
    stream.SMask = mask


def _predictor(columns: int, colors: int) -> Dictionary:
    return Dictionary(Predictor=15, Colors=colors, BitsPerComponent=8, Columns=columns)
