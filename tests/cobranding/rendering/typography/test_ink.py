"""Whatever is set stays in its box, or is refused by a typed error that names the box."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from cobranding.rendering.document.elements import Box
from cobranding.rendering.errors import MissingGlyph, TextOverflow
from cobranding.rendering.screen.lettering import draw_text
from cobranding.rendering.typography.scripts import INVISIBLE, MARKS, SCRIPTS
from cobranding.rendering.typography.typeset import SetText, set_text
from tests.factories import typography as factory

BOX = Box(60, 60, 220, 120)


def ink_of(text: SetText) -> tuple[int, int, int, int] | None:
    image = Image.new("RGB", (340, 240), "white")
    draw_text(image, text)
    return ImageChops.invert(image.convert("L")).point(lambda level: 255 if level > 60 else 0).getbbox()


def letters(script: str) -> st.SearchStrategy[str]:
    codes = [code for block in SCRIPTS[script] for code in block]
    odd = [" ", " ", "-", "\n", "7", "(", "%", "\u00a0", *INVISIBLE, *map(chr, MARKS[:3])]
    return st.text(st.one_of(st.sampled_from([chr(code) for code in codes]), st.sampled_from(odd)), max_size=60)


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("italic", [False, True], ids=["upright", "italic"])
def test_ink_of_any_text_stays_in_its_box(script: str, italic: bool) -> None:
    kind = factory.kind(script, italic=italic, size=40, smallest=5, valign="middle", line_height=1.0)

    @settings(max_examples=25, deadline=None, derandomize=True)
    @given(letters(script), st.sampled_from(["start", "end", "center"]))
    def check(words: str, align: str) -> None:
        try:
            text = set_text(words, type(kind)(**{**vars(kind), "align": align}), BOX, "card.words")
        except (MissingGlyph, TextOverflow):
            return
        ink = ink_of(text)
        if ink is not None:
            inside = (ink[0] >= 59, ink[1] >= 59, ink[2] <= 281, ink[3] <= 181)
            assert inside == (True,) * 4, (words, text.size, ink)

    check()


@pytest.mark.parametrize(
    ("align", "latin", "hebrew"),
    [
        ("start", "left", "right"),
        ("end", "right", "left"),
        ("left", "left", "left"),
        ("right", "right", "right"),
        ("center", "center", "center"),
    ],
)
def test_start_is_where_reading_begins(align: str, latin: str, hebrew: str) -> None:
    for script, words, side in (("latin", "Hm", latin), ("hebrew", "שלום", hebrew)):
        ink = ink_of(set_text(words, factory.kind(script, align=align), BOX, "here"))
        assert ink is not None
        left, right = ink[0] - 60, 280 - ink[2]
        assert {"left": left < 5, "right": right < 5, "center": abs(left - right) < 4}[side]


def test_a_word_that_is_wider_than_its_box_is_refused_with_the_box() -> None:
    with pytest.raises(TextOverflow) as refused:
        set_text("Rindfleischetikettierungsüberwachung", factory.kind(smallest=20), BOX, "a4.words")
    assert list(refused.value.errors) == ["a4.words"]
    assert "Rindfleisch" in refused.value.detail


def test_lines_are_never_more_than_allowed() -> None:
    text = set_text("One two three four five six seven", factory.kind(size=40, max_lines=2), BOX, "here")
    assert len(text.lines) == 2
    assert text.size < 40


def test_space_between_lines_grows_with_the_style() -> None:
    tight, wide = (set_text("a\nb", factory.kind(line_height=height), BOX, "here").height for height in (1.0, 2.0))
    assert wide == pytest.approx(2 * tight)
