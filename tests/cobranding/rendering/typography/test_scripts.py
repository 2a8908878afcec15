"""Each script is shaped as its readers expect it, and found again in the PDF as it was given."""

import io
import unicodedata

import pikepdf
import pytest
from PIL import Image, ImageChops

from cobranding.rendering import engine
from cobranding.rendering.document.elements import Box
from cobranding.rendering.errors import MissingGlyph, TextOverflow
from cobranding.rendering.typography.shaping import Glyph
from cobranding.rendering.typography.typeset import SetText, set_text
from tests.factories import typography as factory

BOX = Box(0, 0, 300, 200)


def words_of(text: SetText) -> list[tuple[Glyph, ...]]:
    return [word.glyphs for line in text.lines for _, word in line.words]


def ids_of(script: str, text: str) -> list[int]:
    return [glyph.gid for word in words_of(set_text(text, factory.kind(script), BOX, "here")) for glyph in word]


@pytest.mark.parametrize("script", factory.SENTENCES)
def test_a_sentence_is_found_in_the_pdf_as_it_was_given(script: str) -> None:
    sentence = unicodedata.normalize("NFC", factory.SENTENCES[script])
    data = factory.pdf_of(script, sentence)
    found, wanted = factory.read(data), sentence
    if script == "thai":  # its lines break where there is no space
        found, wanted = found.replace(" ", ""), sentence.replace(" ", "")
    assert found == wanted
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
        for font in pdf.pages[0].resources.Font.as_dict().values():
            assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor


@pytest.mark.parametrize("script", factory.SENTENCES)
def test_images_show_the_same_glyphs_as_pages(script: str) -> None:
    image = Image.open(io.BytesIO(engine.render(factory.inputs(script, factory.SENTENCES[script]), "card", "png").data))
    ink = ImageChops.invert(image.convert("L")).point(lambda level: 255 if level > 40 else 0).getbbox()
    assert ink is not None
    assert (ink[0] >= 39, ink[1] >= 39, ink[2] <= 541, ink[3] <= 441) == (True,) * 4
    assert (ink[2] > 500) if script in ("arabic", "hebrew") else (ink[0] < 60)


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("שלום 123 ABC עולם", "auto"),
        ("Call שלום עולם on 12, now", "auto"),
        ("חדר (12) א-ב: x@y.example", "auto"),
        ("+972 3 123 4567 טלפון", "rtl"),
        ("12% off: הנחה", "ltr"),
    ],
)
def test_text_of_two_directions_is_found_in_the_order_it_was_given(text: str, direction: str) -> None:
    document = factory.document("hebrew", text)
    document["brand"]["styles"]["main"]["direction"] = direction
    data = engine.render(factory.factory.inputs(document, values={}), "a4").data
    assert factory.read(data) == text


def test_arabic_letters_take_the_form_of_their_place() -> None:
    alone = ids_of("arabic", "ع")
    joined = ids_of("arabic", "ععع")
    assert len(joined) == 3
    assert len({*alone, *joined}) == 4


def test_lam_and_alef_become_one() -> None:
    assert len(ids_of("arabic", "لا")) < len(ids_of("arabic", "ل ا")) + 1
    assert set(ids_of("arabic", "لا")).isdisjoint(ids_of("arabic", "ل ا"))


def test_a_joiner_holds_arabic_letters_apart() -> None:
    assert ids_of("arabic", "می\u200cخواهم") != ids_of("arabic", "میخواهم")


def test_a_conjunct_of_devanagari_is_one_glyph() -> None:
    assert len(ids_of("devanagari", "क्ष")) == 1


def test_a_vowel_of_devanagari_stands_before_its_consonant() -> None:
    [consonant], [vowel_first, _] = ids_of("devanagari", "क"), ids_of("devanagari", "कि")
    assert vowel_first != consonant


def test_marks_of_thai_stack_above_their_letter_and_take_no_room() -> None:
    [bare], [marked] = (words_of(set_text(text, factory.kind("thai"), BOX, "here")) for text in ("ท", "ที่"))
    assert sum(glyph.advance for glyph in marked) == sum(glyph.advance for glyph in bare)
    assert len(marked) == 3


def test_points_of_hebrew_are_put_under_their_letters() -> None:
    [word] = words_of(set_text("שָׁ", factory.kind("hebrew"), BOX, "here"))
    assert [glyph.advance for glyph in word].count(0) == len(word) - 1


def test_numbers_run_from_left_to_right_within_hebrew() -> None:
    [line] = set_text("אב 123 גד", factory.kind("hebrew"), BOX, "here").lines
    assert [word.text for _, word in line.words] == ["גד", "123", "אב"]
    assert line.text == "אב 123 גד"


def test_thai_breaks_between_its_words_only() -> None:
    text = set_text("กรุงเทพมหานคร" * 3, factory.kind("thai", smallest=24), Box(0, 0, 250, 300), "here")
    assert [line.text for line in text.lines] == ["กรุงเทพมหานคร"] * 3


def test_lines_break_after_hyphens_and_where_they_may() -> None:
    narrow = Box(0, 0, 110, 300)
    hyphens = set_text("state-of-the-art", factory.kind(smallest=24), narrow, "here")
    assert [line.text for line in hyphens.lines] == ["state-of-", "the-art"]
    seams = set_text("Donaudampf\u200bschiff", factory.kind(smallest=18, size=18), Box(0, 0, 120, 300), "here")
    assert [line.text for line in seams.lines] == ["Donaudampf", "schiff"]
    with pytest.raises(TextOverflow):
        set_text("state\u00a0of\u00a0the\u00a0art", factory.kind(smallest=24), narrow, "here")


def test_a_line_that_ends_with_a_hyphen_is_found_with_it() -> None:
    data = factory.pdf_of("latin", "A state-of-the-art headline " * 3)
    assert factory.read(data, "").replace("\ufffe", "-").replace("\x02", "-").count("state-of-the-art") == 3


@pytest.mark.parametrize(
    ("script", "text", "named"),
    [
        ("latin", "Party 🎉 now", "“🎉” (U+1F389)"),
        ("latin", "Family 👨‍👩‍👧 offer", "U+1F468 U+200D U+1F469 U+200D U+1F467"),
        ("latin", "Flag 🇩🇪", "U+1F1E9 U+1F1EA"),
        ("latin", "Thumb 👍🏽", "U+1F44D U+1F3FD"),
        ("latin", "Love ❤️", "U+2764 U+FE0F"),
        ("latin", "Unser 漢", "“漢” (U+6F22)"),
        ("latin", "x\u0f71", "U+0F71"),
        ("thai", "สวัสดี ע", "“ע” (U+05E2)"),
    ],
)
def test_what_no_typeface_of_the_list_has_is_named(script: str, text: str, named: str) -> None:
    with pytest.raises(MissingGlyph) as refused:
        set_text(text, factory.kind(script), BOX, "a4.words")
    assert named in refused.value.detail
    assert list(refused.value.errors) == ["a4.words"]


def test_letters_that_a_typeface_lacks_come_from_the_next_of_its_list() -> None:
    [line] = set_text("تخفيض ĝĝ", factory.kind("arabic"), BOX, "here").lines
    assert {word.face.key.family for _, word in line.words} == {"noto-sans-arabic", "noto-sans"}


def test_letters_that_join_are_not_spaced_out() -> None:
    for script, text in (("arabic", "مرحبا"), ("devanagari", "हिन्दी")):
        plain, spaced = (words_of(set_text(text, factory.kind(script, spacing=s), BOX, "here")) for s in (0.0, 0.3))
        assert plain == spaced
    plain, spaced = (words_of(set_text("AB", factory.kind(spacing=s), BOX, "here")) for s in (0.0, 0.5))
    assert spaced[0][0].advance - plain[0][0].advance == 1024


def test_a_combining_mark_becomes_part_of_its_letter_or_stands_on_it() -> None:
    assert ids_of("latin", "e\u0301") == ids_of("latin", "é")
    assert len(ids_of("latin", "x\u0302")) == 2
    assert factory.read(factory.pdf_of("latin", "x\u0302 marks it")) == "x\u0302 marks it"
