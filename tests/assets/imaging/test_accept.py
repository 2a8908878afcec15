import contextlib
import io
import struct
import zlib

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from assets.imaging import accept as accepting
from assets.imaging import errors
from assets.imaging.accept import accept
from assets.imaging.limits import DOCUMENT, LOGO, PHOTO, PROOF
from assets.imaging.sniff import FileType, sniff


def picture(mode="RGB", size=(60, 40), colour=(200, 30, 40), file_format="PNG", **options):
    buffer = io.BytesIO()
    Image.new(mode, size, colour).save(buffer, file_format, **options)
    return buffer.getvalue()


def opened(data):
    return Image.open(io.BytesIO(data))


def png_announcing(width, height):
    """A PNG whose header promises far more pixels than its few bytes hold."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("file_format", "expected"), [("PNG", FileType.PNG), ("JPEG", FileType.JPEG), ("WEBP", FileType.WEBP)]
)
def test_a_picture_is_recognized_by_its_content(file_format, expected):
    assert sniff(picture(file_format=file_format)) is expected


def test_a_name_without_an_extension_is_fine():
    assert accept(picture(), "logo", LOGO).source_type is FileType.PNG


@pytest.mark.parametrize("name", ["logo.jpg", "logo.svg", "invoice.pdf", "logo.exe", "logo.png.gif"])
def test_a_name_that_contradicts_the_content_is_refused_with_the_right_extension(name):
    with pytest.raises(errors.NameContradictsContent, match="png"):
        accept(picture(), name, LOGO)


def test_an_empty_file_is_refused():
    with pytest.raises(errors.FileEmpty):
        accept(b"", "logo.png", LOGO)


def test_a_file_with_too_many_bytes_is_refused_before_it_is_looked_at():
    with pytest.raises(errors.FileTooLarge, match=r"10\.0 MB"):
        accept(b"\x89PNG" + b"\0" * 10_000_000, "logo.png", LOGO)


@pytest.mark.parametrize(
    "data", [b"hello", b"GIF89a" + b"\0" * 40, b"<html><body>hi</body></html>", b"MZ\x90\0", b"\0" * 64]
)
def test_something_else_is_not_recognized(data):
    with pytest.raises(errors.FileNotRecognized):
        accept(data, "logo.png", LOGO)


def test_a_known_type_that_is_not_wanted_is_refused_with_what_is_wanted():
    with pytest.raises(errors.WrongFileType, match="JPEG, PNG, SVG, WebP"):
        accept(pdf(), "logo.pdf", LOGO)
    with pytest.raises(errors.WrongFileType, match="SVG"):
        accept(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>', "photo.svg", PHOTO)


@pytest.mark.parametrize("size", [(30_000, 30_000), (2**31 - 1, 2**31 - 1), (17_000, 1), (7_000, 7_000)])
def test_a_decompression_bomb_is_refused_by_its_header(size):
    with pytest.raises(errors.TooManyPixels, match=f"{size[0]}"):
        accept(png_announcing(*size), "logo.png", LOGO)


def test_a_webp_that_announces_a_huge_canvas_is_refused_by_its_header():
    data = bytearray(picture("RGBA", colour=(1, 2, 3, 4), file_format="WEBP", lossless=True))
    body = b"VP8X" + struct.pack("<I", 10) + b"\x10\0\0\0" + (16_383).to_bytes(3, "little") * 2 + bytes(data[12:])
    with pytest.raises(errors.TooManyPixels):
        accept(b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body, "logo.webp", LOGO)


def test_a_jpeg_with_thousands_of_scans_is_refused():
    data = picture(file_format="JPEG")
    with pytest.raises(errors.FileBroken):
        accept(data[:-2] + b"\xff\xda\x00\x02" * 500 + data[-2:], "logo.jpg", LOGO)


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP"])
def test_a_truncated_picture_is_broken(file_format):
    data = picture(size=(300, 200), file_format=file_format)
    with pytest.raises(errors.FileBroken):
        accept(data[: len(data) // 2], "", LOGO)


def test_metadata_is_dropped_and_the_orientation_applied():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: the first row is the right side
    exif[0x010E] = "taken at home"
    source = Image.new("RGB", (40, 20), (255, 255, 255))
    ImageDraw.Draw(source).rectangle((0, 0, 9, 19), fill=(200, 0, 0))
    buffer = io.BytesIO()
    source.save(buffer, "JPEG", exif=exif, quality=95, comment=b"secret place")
    accepted = accept(buffer.getvalue(), "photo.jpg", PHOTO)
    result = opened(accepted.file.data)
    assert result.size == (20, 40) == (accepted.file.width_px, accepted.file.height_px)
    assert result.getpixel((10, 3))[1] < 60  # the red edge is on top now
    assert not result.getexif()
    assert b"taken at home" not in accepted.file.data
    assert b"secret place" not in accepted.file.data


def test_a_cmyk_jpeg_becomes_srgb():
    data = picture("CMYK", colour=(0, 255, 255, 0), file_format="JPEG", quality=95)
    accepted = accept(data, "logo.jpg", LOGO)
    red, green, blue = opened(accepted.file.data).convert("RGB").getpixel((20, 20))
    assert red > 180
    assert green < 90
    assert blue < 90


def test_a_grey_picture_with_transparency_keeps_it():
    accepted = accept(picture("LA", colour=(0, 128)), "logo.png", LOGO)
    assert opened(accepted.file.data).mode == "RGBA"
    assert accepted.measures.transparent_share == pytest.approx(0.5, abs=0.01)


def test_a_sixteen_bit_grey_picture_is_not_turned_white():
    accepted = accept(picture("I;16", colour=0x4000), "scan.png", PHOTO)
    assert opened(accepted.file.data).convert("L").getpixel((5, 5)) == pytest.approx(0x40, abs=1)


def test_an_animation_keeps_its_first_frame_only():
    frames = [Image.new("RGB", (30, 30), colour) for colour in ((255, 0, 0), (0, 255, 0))]
    buffer = io.BytesIO()
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:], duration=100, lossless=True)
    accepted = accept(buffer.getvalue(), "logo.webp", LOGO)
    assert opened(accepted.file.data).convert("RGB").getpixel((5, 5))[0] > 250
    assert accepted.file.media_type == "image/jpeg"


def test_a_logo_in_a_white_box_is_noticed():
    source = Image.new("RGB", (200, 100), "white")
    ImageDraw.Draw(source).ellipse((40, 20, 160, 80), fill=(20, 60, 120))
    buffer = io.BytesIO()
    source.save(buffer, "JPEG", quality=90)
    accepted = accept(buffer.getvalue(), "logo.jpg", LOGO)
    assert accepted.measures.white_box
    assert any("white box" in note for note in accepted.notes)
    assert (accepted.mark.width_px, accepted.mark.height_px) == (pytest.approx(121, abs=4), pytest.approx(61, abs=4))


def test_a_mark_is_trimmed_to_what_is_visible():
    source = Image.new("RGBA", (400, 300), (255, 255, 255, 0))
    ImageDraw.Draw(source).rectangle((100, 120, 299, 169), fill=(0, 0, 0, 255))
    buffer = io.BytesIO()
    source.save(buffer, "PNG")
    accepted = accept(buffer.getvalue(), "logo.png", LOGO)
    assert (accepted.mark.width_px, accepted.mark.height_px) == (200, 50)
    assert not accepted.measures.white_box
    assert accepted.measures.average_colour == "#000000"


def test_a_completely_transparent_logo_is_refused():
    with pytest.raises(errors.DrawingEmpty):
        accept(picture("RGBA", colour=(0, 0, 0, 0)), "logo.png", LOGO)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_damaged_files_are_refused_or_rewritten_and_never_anything_else(data):
    whole = data.draw(st.sampled_from([picture(file_format=kind) for kind in ("PNG", "JPEG", "WEBP")] + [pdf()]))
    broken = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(errors.FileRefused):
        accepted = accept(bytes(broken), "", PROOF)
        assert accepted.file.media_type in {"image/png", "image/jpeg", "application/pdf"}


@settings(max_examples=25, deadline=None)
@given(
    width=st.integers(1, 90),
    height=st.integers(1, 90),
    colour=st.tuples(*[st.integers(0, 255)] * 3, st.integers(1, 255)),
    file_format=st.sampled_from(["PNG", "WEBP"]),
)
def test_the_same_bytes_give_the_same_bytes_and_rewriting_changes_no_pixel(width, height, colour, file_format):
    data = picture("RGBA", (width, height), colour, file_format, lossless=True)
    one, other = accept(data, "", LOGO), accept(data, "", LOGO)
    assert one == other
    again = accept(one.file.data, "", LOGO)
    if one.file.media_type == "image/png":
        assert again.file.data == one.file.data
    assert (one.file.width_px, one.file.height_px) == (width, height)
    assert one.thumbnail.width_px <= 360
    assert one.thumbnail.height_px <= 360


def pdf(pages=1, **options):
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(200, 100))
    buffer = io.BytesIO()
    document.save(buffer, **options)
    return buffer.getvalue()


def test_a_pdf_is_counted_and_gets_a_small_picture():
    accepted = accept(pdf(pages=3), "proof.pdf", PROOF)
    assert accepted.pages == 3
    assert (accepted.thumbnail.width_px, accepted.thumbnail.height_px) == (360, 180)


def test_a_pdf_with_too_many_pages_is_refused():
    with pytest.raises(errors.TooManyPages, match="61 pages"):
        accept(pdf(pages=61), "proof.pdf", DOCUMENT)


def test_a_pdf_with_a_password_is_refused():
    locked = pdf(encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(errors.DocumentEncrypted):
        accept(locked, "proof.pdf", PROOF)


def test_a_pdf_that_everybody_may_read_is_taken_without_its_restrictions():
    accepted = accept(pdf(encryption=pikepdf.Encryption(owner="a", user="")), "proof.pdf", PROOF)
    with pikepdf.open(io.BytesIO(accepted.file.data)) as result:
        assert not result.is_encrypted
    assert any("Restrictions" in note for note in accepted.notes)


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnothing", b"%PDF-1.7\n" + b"1 0 obj\n<<>>\nendobj\n" * 50])
def test_a_broken_pdf_is_refused(data):
    with pytest.raises(errors.FileBroken):
        accept(data, "proof.pdf", PROOF)


def test_what_acts_in_a_pdf_is_removed_and_said():
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("calc.exe"))
    document.Root.OpenAction = script
    document.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("a"), document.make_indirect(script)]))
    )
    document.attachments["evil.exe"] = b"MZ evil"
    page = document.pages[0].obj
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=launch)
    good = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://shop.example/")),
    )
    page.Annots = pikepdf.Array([document.make_indirect(link), document.make_indirect(good)])
    page.AA = pikepdf.Dictionary(O=script)
    document.docinfo["/Author"] = "somebody private"
    buffer = io.BytesIO()
    document.save(buffer)
    accepted = accept(buffer.getvalue(), "proof.pdf", PROOF)
    plain = io.BytesIO()
    with pikepdf.open(io.BytesIO(accepted.file.data)) as result:
        result.save(plain, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False, qdf=True)
        assert "/Info" not in result.trailer
    text = plain.getvalue()
    for trace in (b"app.alert", b"calc.exe", b"evil", b"somebody private", b"/JavaScript", b"/Launch", b"/AA"):
        assert trace not in text
    assert b"https://shop.example/" in text
    assert len(accepted.notes) >= 3


def test_no_more_files_are_opened_at_once_than_there_are_places(monkeypatch):
    monkeypatch.setattr(accepting, "WAIT_S", 0.01)
    for _ in range(2 * accepting.AT_ONCE):  # a refusal gives its place back
        with pytest.raises(errors.FileBroken):
            accept(picture()[:60], "", LOGO)
    inside = accepting._rewrite

    def another_meanwhile(data, file_type, limits):
        with accepting._place(), pytest.raises(errors.TooManyAtOnce):
            accept(picture(), "", LOGO)
        return inside(data, file_type, limits)

    monkeypatch.setattr(accepting, "_rewrite", another_meanwhile)
    assert accept(picture(), "", LOGO).file.width_px == 60
