"""Logos as people send them: inks instead of light, drawings, boxes."""

import io
import struct

import pytest
from PIL import Image, ImageDraw

from assets.imaging.accept import accept
from assets.imaging.limits import LOGO, PHOTO

# 40 × 20, a blue bar from (10, 5) to (30, 15).
DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="urn:editor" width="80" height="40" viewBox="0 0 40 20">'
    b'<metadata>by somebody</metadata><a href="https://x.example/"><rect x="10" y="5" width="20" height="10" '
    b'x:private="1" fill="#00f"/></a></svg>'
)


def inks(*colour: int, size=(64, 48)) -> Image.Image:
    return Image.new("CMYK", size, colour)


def jpeg(picture: Image.Image, **options) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=95, **options)
    return buffer.getvalue()


def as_ycck(picture: Image.Image) -> bytes:
    """What Photoshop writes: the first three inks as luminance and colour, and the marker that says so."""
    cyan, magenta, yellow, black = picture.split()
    parts = Image.merge("RGB", (cyan, magenta, yellow)).convert("YCbCr").split()
    turned = [part.point(lambda level: 255 - level) for part in parts]
    data = bytearray(jpeg(Image.merge("CMYK", (*turned, black))))
    marker = data.index(b"\xff\xee")
    assert data[marker + 4 : marker + 9] == b"Adobe"
    data[marker + 15] = 2
    return bytes(data)


def profile(*, of_cyan: tuple[int, int, int]) -> bytes:
    """A profile for four inks (ICC.1, lut8Type) in which cyan alone looks as told (Lab, 8 bits); all else is grey."""
    identity = bytes(range(256))
    grid = bytearray()
    for corner in range(16):  # the last ink runs fastest
        grid += bytes(of_cyan if corner == 0b1000 else (128, 128, 128) if corner else (255, 128, 128))
    matrix = struct.pack(">9i", *(65536 if at % 4 == 0 else 0 for at in range(9)))
    lut = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + matrix + identity * 4 + bytes(grid) + identity * 3
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    said = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"inks\0" + bytes(78)
    rights = b"text\0\0\0\0none\0"
    tags = [(b"A2B0", lut), (b"wtpt", white), (b"desc", said), (b"cprt", rights)]
    at, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, content in tags:
        padded = content + bytes(-len(content) % 4)
        table += name + struct.pack(">II", at + len(body), len(content))
        body += padded
    size = at + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"lcms", 0x02100000, b"prtr", b"CMYK", b"Lab ")
    head += bytes(12) + b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return head + bytes(128 - len(head)) + struct.pack(">I", len(tags)) + table + body


def colour_of(data: bytes, limits=LOGO) -> tuple[int, int, int]:
    accepted = accept(data, "logo.jpg", limits)
    assert accepted.file.media_type == "image/jpeg"
    with Image.open(io.BytesIO(accepted.file.data)) as opened:
        assert opened.mode == "RGB"
        assert "icc_profile" not in opened.info
        return opened.getpixel((20, 20))


@pytest.mark.parametrize("write", [jpeg, as_ycck])
@pytest.mark.parametrize(
    ("ink", "light"),
    [
        ((0, 255, 255, 0), (255, 0, 0)),
        ((255, 255, 0, 0), (0, 0, 255)),
        ((0, 0, 0, 0), (255, 255, 255)),
        ((0, 0, 0, 255), (0, 0, 0)),
        ((0, 0, 0, 128), (127, 127, 127)),
    ],
)
def test_a_jpeg_of_four_inks_looks_as_it_prints(write, ink, light):
    assert colour_of(write(inks(*ink))) == pytest.approx(light, abs=4)


def test_the_profile_of_the_inks_decides_how_they_look():
    green = colour_of(jpeg(inks(255, 0, 0, 0), icc_profile=profile(of_cyan=(140, 60, 190))))
    assert green[1] > green[0] + 60
    assert green[1] > green[2] + 60
    assert colour_of(jpeg(inks(0, 0, 0, 0), icc_profile=profile(of_cyan=(140, 60, 190))))[1] > 245


@pytest.mark.parametrize("damaged", [b"x" * 200, profile(of_cyan=(1, 2, 3))[:300], b""])
def test_inks_with_a_profile_that_cannot_be_read_are_converted_plainly(damaged):
    assert colour_of(jpeg(inks(0, 255, 255, 0), icc_profile=damaged), PHOTO) == pytest.approx((255, 0, 0), abs=4)


def test_a_logo_of_inks_in_a_white_box_is_noticed_trimmed_and_told_of():
    picture = inks(0, 0, 0, 0, size=(200, 100))
    ImageDraw.Draw(picture).ellipse((40, 20, 160, 80), fill=(255, 128, 0, 0))
    accepted = accept(jpeg(picture), "logo.jpg", LOGO)
    assert accepted.measures.white_box
    assert accepted.notes == ("The picture stands on a white box, which will show on coloured backgrounds.",)
    assert (accepted.mark.width_px, accepted.mark.height_px) == (pytest.approx(121, abs=6), pytest.approx(61, abs=6))


def test_a_drawing_is_kept_as_a_cleaned_drawing_beside_its_pixels():
    accepted = accept(DRAWING, "logo.svg", LOGO)
    assert accepted.vector.media_type == "image/svg+xml"
    kept = accepted.vector.data.decode()
    for left_out in ("somebody", "x.example", "private", "urn:editor"):
        assert left_out not in kept
    assert 'viewBox="0 0 40 20"' in kept
    assert "rect" in kept
    assert accepted.ink_box == pytest.approx((0.25, 0.25, 0.75, 0.75), abs=0.001)
    assert accepted.mark.width_px / accepted.mark.height_px == pytest.approx(2, rel=0.01)
    again = accept(accepted.vector.data, "logo.svg", LOGO)
    assert again.mark == accepted.mark


def test_pixels_have_no_drawing_and_only_logos_have_a_box():
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40), (1, 2, 3)).save(buffer, "WEBP")
    accepted = accept(buffer.getvalue(), "logo.webp", LOGO)
    assert accepted.vector is None
    assert accepted.ink_box == (0, 0, 1, 1)
    assert accept(buffer.getvalue(), "photo.webp", PHOTO).ink_box is None
