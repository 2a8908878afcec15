import base64
import io
import subprocess
import sys

import pytest
from PIL import Image

from assets.imaging import errors
from assets.imaging.accept import accept
from assets.imaging.drawing import clean
from assets.imaging.limits import LOGO

KILLED_AFTER_S = 60  # at most a second is needed; what is read again and again would take hours


def svg(body, attributes='viewBox="0 0 200 100"', before=""):
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"{before}<svg {spaces} {attributes}>{body}</svg>".encode()


BOX = '<rect width="200" height="100" fill="#00f"/>'


def pixels(accepted):
    return Image.open(io.BytesIO(accepted.file.data)).convert("RGBA")


def test_a_drawing_becomes_pixels_with_alpha_in_its_own_proportions():
    accepted = accept(svg('<circle cx="50" cy="50" r="50" fill="#e00"/>'), "logo.svg", LOGO)
    assert accepted.file.media_type == "image/png"
    assert (accepted.file.width_px, accepted.file.height_px) == (2000, 1000)
    assert pixels(accepted).getpixel((500, 500)) == (238, 0, 0, 255)
    assert pixels(accepted).getpixel((1500, 500))[3] == 0
    assert (accepted.mark.width_px, accepted.mark.height_px) == (1000, 1000)


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        '<script href="https://evil.example/x.js"/>',
        '<rect width="9" height="9" onload="alert(1)"/>',
        '<rect width="9" height="9" ONCLICK="alert(1)"/>',
        '<a href="javascript:alert(1)"><rect width="9" height="9"/></a>',
        '<a xlink:href=" java\nscript:alert(1)"><rect width="9" height="9"/></a>',
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></body></foreignObject>',
        '<image href="data:image/svg+xml;base64,PHN2Zy8+" width="9" height="9"/>',
        '<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>',
        '<g xmlns:h="http://www.w3.org/1999/xhtml"><h:img src="x" onerror="alert(1)"/></g>',
    ],
)
def test_script_in_a_drawing_is_refused(body):
    with pytest.raises(errors.DrawingHasScript):
        accept(svg(BOX + body), "logo.svg", LOGO)


@pytest.mark.parametrize(
    "body",
    [
        '<image href="https://tracker.example/pixel.png" width="9" height="9"/>',
        '<image xlink:href="file:///etc/passwd" width="9" height="9"/>',
        '<image href="/etc/passwd" width="9" height="9"/>',
        '<use href="https://evil.example/a.svg#x"/>',
        '<rect width="9" height="9" fill="url(https://evil.example/a.svg#x)"/>',
        '<rect width="9" height="9" style="fill:url( &quot;http://evil.example/a&quot; )"/>',
        "<style>@import 'https://evil.example/a.css';</style>",
        "<style>rect{fill:u\\72l(https://evil.example)}</style>",
        '<filter id="f"><feImage href="https://evil.example/a.png"/></filter>',
        '<image href="data:image/gif;base64,R0lGODlhAQABAAAAACw=" width="9" height="9"/>',
    ],
)
def test_an_address_outside_the_drawing_is_refused(body):
    with pytest.raises(errors.DrawingReachesOutside):
        accept(svg(BOX + body), "logo.svg", LOGO)


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE svg [<!ENTITY a "aaaa">]>',
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY % p SYSTEM "http://evil.example/d"> %p;]>',
    ],
)
def test_entities_are_refused(before):
    with pytest.raises(errors.DrawingHasEntities):
        accept(svg(BOX, before=before), "logo.svg", LOGO)


def test_a_plain_document_type_is_fine():
    before = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!-- made by hand -->\n'
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    )
    assert accept(svg(BOX, before=before), "logo.svg", LOGO).file.width_px == 2000


def test_what_does_not_draw_is_left_out():
    body = (
        BOX + '<metadata><x xmlns="urn:x">private</x></metadata><animate attributeName="x"/>'
        '<s:namedview xmlns:s="http://sodipodi.example/"/><foreignObject><p xmlns="urn:h">x</p></foreignObject>'
        '<a href="https://shop.example/"><rect width="1" height="1"/></a>'
    )
    cleaned = clean(svg(body))
    for trace in (b"private", b"animate", b"namedview", b"shop.example", b"foreignObject"):
        assert trace not in cleaned.svg
    assert any("foreignObject" in note for note in cleaned.notes)


def test_live_text_is_drawn_in_our_typeface_and_said():
    body = '<text x="10" y="60" font-family="Wingdings" font-size="40">Café</text>'
    accepted = accept(svg(body), "logo.svg", LOGO)
    assert any("Inter" in note for note in accepted.notes)
    assert accepted.mark.width_px > 500


def test_gradients_masks_and_style_sheets_are_drawn():
    body = (
        "<style>.a{fill:url(#g);mask:url(#m)}</style>"
        '<linearGradient id="g"><stop stop-color="#fff"/><stop offset="1" stop-color="#f00"/></linearGradient>'
        '<mask id="m"><rect width="100" height="100" fill="#fff"/></mask><rect class="a" width="200" height="100"/>'
    )
    result = pixels(accept(svg(body), "logo.svg", LOGO))
    assert result.getpixel((10, 500))[3] == 255
    assert result.getpixel((1500, 500))[3] == 0
    assert result.getpixel((900, 500))[1] < 200


def test_a_picture_inside_a_drawing_is_rewritten():
    buffer = io.BytesIO()
    Image.new("RGB", (10, 10), (0, 200, 0)).save(buffer, "PNG")
    encoded = base64.b64encode(buffer.getvalue()).decode()
    body = f'<image href="data:image/png;base64,{encoded}" width="200" height="100" preserveAspectRatio="none"/>'
    assert pixels(accept(svg(body), "logo.svg", LOGO)).getpixel((1000, 500)) == (0, 200, 0, 255)


def test_uses_that_multiply_are_counted_before_anything_is_drawn():
    levels = '<g id="l0"><rect width="1" height="1"/></g>'
    for level in range(1, 10):
        levels += f'<g id="l{level}">' + f'<use href="#l{level - 1}"/>' * 10 + "</g>"
    with pytest.raises(errors.DrawingTooComplex):
        accept(svg(levels), "logo.svg", LOGO)


def test_a_drawing_that_is_too_deep_is_refused():
    with pytest.raises(errors.DrawingTooComplex):
        accept(svg("<g>" * 5_000 + "</g>" * 5_000), "logo.svg", LOGO)


def test_a_use_that_uses_itself_draws_nothing_and_ends():
    with pytest.raises(errors.FileRefused):
        accept(svg('<g id="a"><use href="#a"/></g>'), "logo.svg", LOGO)


@pytest.mark.parametrize("attributes", ["", 'width="100%" height="100%"', 'viewBox="0 0 0 0"', 'viewBox="0 0 1 1000"'])
def test_a_drawing_without_a_usable_size_is_refused(attributes):
    with pytest.raises(errors.FileBroken):
        accept(svg(BOX, attributes), "logo.svg", LOGO)


@pytest.mark.parametrize("size", ['width="20mm" height="10mm"', 'width="200" height="100px"'])
def test_a_size_with_units_is_enough(size):
    assert accept(svg(BOX, size), "logo.svg", LOGO).file.width_px == 2000


@pytest.mark.parametrize(
    "data", [b"<svg", b'<svg xmlns="http://www.w3.org/2000/svg"><g></svg>', b"<svg xmlns='urn:other'/>"]
)
def test_a_broken_drawing_is_refused(data):
    with pytest.raises(errors.FileRefused):
        accept(data, "logo.svg", LOGO)


@pytest.mark.parametrize(
    "data",
    [
        "b'<svg>' + b'<!DOCTYPE[' * 900_000",
        "b'<svg ' + xmlns + b' width=\"1' + b' ' * 9_000_000 + b'x\"/>'",
        "b'<svg ' + xmlns + b' width=\"' + b'1' * 9_000_000 + b'x\"/>'",
        "b'<svg ' + xmlns + b' viewBox=\"0 0 ' + b'1' * 9_000_000 + b' x\"/>'",
        "b'<svg ' + xmlns + b'><style>' + b'/*' * 4_500_000 + b'</style></svg>'",
        "b'<svg ' + xmlns + b'><rect style=\"' + b'url( ' * 1_800_000 + b'\"/></svg>'",
    ],
)
def test_a_drawing_made_to_be_read_again_and_again_is_read_once(data):
    program = (
        "from assets.imaging import drawing, errors\n"
        "xmlns = b'xmlns=\"http://www.w3.org/2000/svg\"'\n"
        f"try: drawing.clean({data})\n"
        "except errors.FileRefused: pass\n"
        "else: raise SystemExit(1)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=KILLED_AFTER_S)


def test_a_comment_in_a_style_sheet_hides_no_address_behind_it():
    with pytest.raises(errors.DrawingReachesOutside):
        clean(svg("<style>/* a */ rect{fill:url(https://evil.example)} /* b</style>"))
    with pytest.raises(errors.DrawingReachesOutside):
        clean(svg("<style>rect{fill:u/* a */rl(https://evil.example)}</style>"))
    assert clean(svg("<style>/* @import */ rect{fill:red} /* url(x) */</style>" + BOX)).svg


def test_a_second_document_type_is_refused():
    with pytest.raises(errors.DrawingHasEntities):
        clean(svg(BOX, before="<!DOCTYPE svg><!DOCTYPE svg>"))
