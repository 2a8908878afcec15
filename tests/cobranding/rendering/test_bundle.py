"""A template as one zip: the same bytes each time, and nothing but what its manifest says."""

import hashlib
import io
import json
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cobranding.rendering.document.bundle import Bundle, BundledFile, pack, unpack
from cobranding.rendering.errors import BundleInvalid
from tests.factories import cobranding as factory

HERO = BundledFile("images.hero", "photo", "hero", "png", b"picture" * 300)
FONT = BundledFile("brand.fonts.head", "font", "Head", "ttf", b"font")
FLYER = Bundle("Autumn flyer", factory.flyer(), [HERO, FONT])


def entries(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: list[tuple[str, bytes]], method: int = zipfile.ZIP_STORED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return written.getvalue()


def with_manifest(change: Callable[[dict[str, Any]], Any], **more: bytes) -> bytes:
    files = entries(pack(FLYER)) | more
    manifest = json.loads(files["manifest.json"])
    change(manifest)
    return zipped(list((files | {"manifest.json": json.dumps(manifest).encode()}).items()))


def test_what_goes_in_comes_out_and_the_same_template_gives_the_same_bytes() -> None:
    packed = pack(FLYER)
    assert packed == pack(Bundle(FLYER.name, json.loads(json.dumps(FLYER.document)), [FONT, HERO]))
    out = unpack(packed)
    assert (out.name, out.document) == (FLYER.name, FLYER.document)
    assert {file.path: file.data for file in out.files} == {"images/hero.png": HERO.data, "fonts/head.ttf": FONT.data}


def test_what_another_program_packed_again_is_read_too() -> None:
    assert unpack(zipped(list(entries(pack(FLYER)).items()), zipfile.ZIP_DEFLATED)).document == FLYER.document


def hostile() -> dict[str, tuple[bytes, str, str]]:
    files = list(entries(pack(FLYER)).items())
    good = pack(FLYER)
    encrypted = bytearray(good)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        encrypted[encrypted.index(mark) + offset] |= 1
    claims_more = bytearray(good)
    struct.pack_into("<I", claims_more, len(good) - 10, 2**31)
    return {
        "no zip": (b"PK", "manifest.json", "no zip"),
        "nothing": (b"", "manifest.json", "no zip"),
        "cut off": (good[: len(good) // 2], "manifest.json", "no zip"),
        "a long directory": (bytes(claims_more), "manifest.json", "far too many"),
        "a path outside": (zipped([*files, ("../../etc/passwd", b"x")]), "../../etc/passwd", "does not belong"),
        "an absolute path": (zipped([*files, ("/etc/passwd", b"x")]), "/etc/passwd", "does not belong"),
        "a script": (zipped([*files, ("images/run.py.exe", b"x")]), "images/run.py.exe", "does not belong"),
        "a folder": (zipped([*files, ("images/", b"")]), "images/", "does not belong"),
        "one that is not listed": (zipped([*files, ("images/more.png", b"x")]), "images/more.png", "not once in both"),
        "one that is not there": (zipped(files[:-1]), files[-1][0], "not once in both"),
        "no document": (zipped([each for each in files if each[0] != "document.json"]), "document.json", "not once"),
        "encrypted": (bytes(encrypted), "manifest.json", "is encrypted"),
        "other bytes": (
            zipped([(name, b"other" if name == "images/hero.png" else data) for name, data in files]),
            "images/hero.png",
            "its hash differs",
        ),
        "another compression": (zipped(files, zipfile.ZIP_LZMA), "manifest.json", "compressed in a way"),
        "a bomb": (
            zipped([*files, ("images/bomb.png", b"\0" * 30_000_000)], zipfile.ZIP_DEFLATED),
            "images/bomb.png",
            "far larger than the zip makes it look",
        ),
        "another format": (with_manifest(lambda each: each.update(bundle=2)), "manifest.json", "not one that we know"),
        "a font as a picture": (
            with_manifest(lambda each: each["files"][1].update(kind="font")),
            "images/hero.png",
            "does not lie where",
        ),
        "another place": (
            with_manifest(lambda each: each["files"][1].update(stands_for="images.other")),
            "images/hero.png",
            "does not lie where",
        ),
        "no JSON": (zipped([("manifest.json", b"{" * 50_000)]), "manifest.json", "is not JSON"),
    }


@pytest.mark.parametrize("case", hostile())
def test_what_is_not_exactly_a_template_is_refused_by_its_entry(case: str) -> None:
    data, name, sentence = hostile()[case]
    with pytest.raises(BundleInvalid) as refused:
        unpack(data)
    assert sentence in refused.value.errors[name][0]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_entry_that_is_there_twice_is_refused() -> None:
    files = list(entries(pack(FLYER)).items())
    with pytest.raises(BundleInvalid, match="is there twice"):
        unpack(zipped([*files, files[-1]]))


def test_an_entry_that_lies_about_its_size_is_cut_off_where_it_breaks_its_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cobranding.rendering.document.bundle.MOST_BYTES", 1000)
    with pytest.raises(BundleInvalid, match="larger than the"):
        unpack(pack(FLYER))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**5), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_zip_with_bytes_changed_is_the_same_template_or_refused(changed: list[tuple[int, int]]) -> None:
    data = bytearray(pack(FLYER))
    for at, value in changed:
        data[at % len(data)] = value
    try:
        out = unpack(bytes(data))
    except BundleInvalid:
        return
    assert out.document == FLYER.document
    assert {hashlib.sha256(file.data).hexdigest() for file in out.files} == {HERO.sha256, FONT.sha256}
