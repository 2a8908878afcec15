"""Whatever is sent: an answer within ten seconds of processor time and 512 MB, and the worker lives."""

import base64
import io
import json
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from assets.imaging.accept import accept
from assets.imaging.limits import PROOF
from tests.factories.fonts import drawn
from tests.factories.hostile import document_that_unpacks

ROOT = Path(__file__).parents[3]
LONGEST_S = 10
MOST_BYTES = 512_000_000
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{}</svg>'


def png(width: int, height: int, *, rows: int | None = None) -> bytes:
    """A black picture of one bit a pixel; `rows` may be fewer than it promises."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    row = bytes(1 + (width + 7) // 8)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row) for _ in range(height if rows is None else rows)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def jpeg_of_many_scans() -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (4_000, 4_000), 90).save(buffer, "JPEG", progressive=True)
    data = buffer.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * 80 + data[-2:]


def document(pages_of: str) -> bytes:
    """A PDF whose list of pages goes in a circle."""
    bodies = {
        "itself": ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"],
        "each other": [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 /Parent 3 0 R >>",
            "<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>",
        ],
        "millions": ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{'3 0 R ' * 300_000}] >>", "<<>>"],
    }[pages_of]
    written = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(bodies, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    written += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}".encode()
    start = written.rindex(b"xref")
    written += f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(written)


def document_drawn_within_itself() -> bytes:
    """A page whose drawing draws itself, twice, in a document that acts in every way there is."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(200, 200)).obj
    form = pdf.make_stream(b"/X Do /X Do", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 200, 200])
    form.Resources = Dictionary(XObject=Dictionary(X=form))
    page.Resources = Dictionary(XObject=Dictionary(X=form))
    page.Contents = pdf.make_stream(b"/X Do " * 50)
    item = pdf.make_indirect(Dictionary(Title="again"))
    item.Next = item.Parent = item.First = item
    launch = pdf.make_indirect(Dictionary(S=Name.Launch, F="calc.exe"))
    launch.Next = Array([Dictionary(S=Name.JavaScript, JS="app.alert(1)"), launch])
    pdf.Root.Outlines = Dictionary(First=item, Last=item, Count=1)
    pdf.Root.OpenAction = launch
    pdf.attachments["evil.exe"] = b"MZ evil"
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def doubled(levels: int) -> str:
    """A drawing of two to the power of levels."""
    uses = "".join(
        f'<g id="g{n}"><use xlink:href="#g{n - 1}"/><use xlink:href="#g{n - 1}"/></g>' for n in range(1, levels)
    )
    return SVG.format(f'<rect id="g0" width="1" height="1"/>{uses}')


def embedding(data: bytes, times: int) -> str:
    address = "data:image/png;base64," + base64.b64encode(data).decode()
    return SVG.format(f'<image width="9" height="9" href="{address}"/>' * times)


def blurred() -> str:
    """Cheap to read, dear to draw."""
    effects = '<feTurbulence baseFrequency="0.9" numOctaves="9"/><feGaussianBlur stdDeviation="40"/>' * 60
    return SVG.format(f'<filter id="f">{effects}</filter><rect width="9" height="9" filter="url(#f)"/>')


def woff2_bomb() -> bytes:
    packed = bytearray(drawn(flavor="woff2"))
    packed[16:20] = struct.pack(">I", 2_000_000_000)
    return bytes(packed)


BAD = {
    "logo.bomb.png": (lambda: png(30_000, 30_000, rows=10), "too_many_pixels"),
    "photo.truncated.png": (lambda: png(7_000, 7_000)[:-60], "file_broken"),
    "photo.scans.jpg": (jpeg_of_many_scans, "file_broken"),
    "logo.doubled.svg": (lambda: doubled(40).encode(), "svg_too_complex"),
    "logo.pictures.svg": (lambda: embedding(png(1_900, 1_900), 60).encode(), "svg_too_complex"),
    "logo.picture.svg": (lambda: embedding(png(6_000, 6_000), 1).encode(), "too_many_pixels"),
    "logo.deep.svg": (lambda: SVG.format("<g>" * 90_000 + "</g>" * 90_000).encode(), "svg_too_complex"),
    "logo.blurred.svg": (lambda: blurred().encode(), "svg_too_complex"),
    "font.bomb.woff2": (woff2_bomb, "font_too_large"),
    "font.half.ttf": (lambda: drawn()[:900], "font_broken"),
    "proof.circle.pdf": (lambda: document("itself"), "file_broken"),
    "proof.circles.pdf": (lambda: document("each other"), "file_broken"),
    "document.kids.pdf": (lambda: document("millions"), "file_broken"),
    "document.unpacks.pdf": (lambda: document_that_unpacks(1_200), "file_broken"),
    "document.within-itself.pdf": (document_drawn_within_itself, "accepted"),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> dict[str, list]:
    folder = tmp_path_factory.mktemp("bad")
    for name, (make, _) in BAD.items():
        (folder / name).write_bytes(make())
    command = [sys.executable, "-m", "tests.assets.imaging.bounded", str(folder)]
    run = subprocess.run(
        command, cwd=ROOT, capture_output=True, timeout=300, check=False, env={"PYTHONPATH": str(ROOT), **os.environ}
    )
    assert run.returncode == 0, run.stderr.decode()
    return json.loads(run.stdout)


def test_every_bad_file_is_answered_with_its_reason(told):
    assert {name: told[name][0] for name in BAD} == {name: expected for name, (_, expected) in BAD.items()}


def test_no_bad_file_takes_longer_than_ten_seconds(told):
    assert {name: took[1] for name, took in told.items() if name and took[1] > LONGEST_S} == {}


def test_no_bad_file_takes_more_memory_than_there_is(told):
    assert max(told[""]) < MOST_BYTES


def test_a_document_that_acts_in_a_circle_is_taken_without_what_acts():
    accepted = accept(document_drawn_within_itself(), "", PROOF)
    plain = io.BytesIO()
    with pikepdf.open(io.BytesIO(accepted.file.data)) as result:
        result.save(plain, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False, qdf=True)
    for trace in (b"app.alert", b"calc.exe", b"MZ evil", b"/JavaScript", b"/Launch", b"/EmbeddedFiles"):
        assert trace not in plain.getvalue()
    assert accepted.pages == 1
