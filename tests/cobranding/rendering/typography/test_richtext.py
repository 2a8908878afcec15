"""Emphasis, links and lists: set together, in the styles that the brand named for them."""

import io

import pypdfium2
import pytest

from cobranding.rendering import engine
from cobranding.rendering.layout import Setting, lay_out
from cobranding.rendering.typography.richtext import blocks_of
from cobranding.rendering.typography.typeset import SetText
from tests.factories import typography as factory

STORY = "A **bold** word, a *slanted* one and [a link](https://a.example/x).\n\n- first\n- second item"


def laid(script: str, text: str, **element: object) -> SetText:
    inputs = factory.inputs(script, text, type="rich_text", **element)
    fmt = inputs.document.formats["a4"]
    [mark] = lay_out(fmt.elements[0], Setting.of(inputs), fmt)
    assert isinstance(mark, SetText)
    return mark


def keys_of(text: SetText) -> dict[str, tuple[int, bool]]:
    return {word.text: (word.face.key.weight, word.face.key.italic) for line in text.lines for _, word in line.words}


def test_emphasis_is_heavier_or_slanted_where_no_style_is_named() -> None:
    keys = keys_of(laid("latin", STORY))
    assert keys["bold"] == (700, False)
    assert keys["slanted"] == (400, True)
    assert keys["word,"] == (400, False)


def test_named_styles_go_before() -> None:
    assert keys_of(laid("latin", STORY, strong_style="other"))["bold"] == (900, False)


def test_marks_are_gone_and_the_words_are_found() -> None:
    data = engine.render(factory.inputs("latin", STORY, type="rich_text"), "a4").data
    assert factory.read(data) == "A bold word, a slanted one and a link. • first • second item"


def test_a_link_leads_from_where_it_stands() -> None:
    text = laid("latin", STORY)
    assert {link.url for link in text.links} == {"https://a.example/x"}
    data = engine.render(factory.inputs("latin", STORY, type="rich_text"), "a4").data
    page = pypdfium2.PdfDocument(io.BytesIO(data))[0]
    words = "".join(
        page.get_textpage().get_text_bounded(
            box.x - 1, page.get_height() - box.y - box.height, box.x + box.width + 1, page.get_height() - box.y
        )
        for box, _ in text.links
    )
    assert "".join(words.split()) == "alink"


def test_lines_of_an_item_hang_under_its_text() -> None:
    text = laid("latin", "- one item that is long enough for two lines of its box, or three")
    bullet, first, *rest = text.lines
    assert bullet.text == "•"
    assert bullet.x < first.x
    assert rest
    assert [line.x for line in rest] == [pytest.approx(first.x, abs=2)] * len(rest)


def test_bullets_stand_on_the_right_of_text_that_runs_to_the_left() -> None:
    bullet, first, *_ = laid("hebrew", "- פריט ראשון").lines
    assert bullet.x > first.x + first.width


def test_a_word_may_change_its_face_within() -> None:
    text = laid("latin", "un**believ**able")
    assert [line.text for line in text.lines] == ["unbelievable"]


def test_values_bring_no_markup_of_their_own() -> None:
    document = factory.document("latin", "**{{partner.trade_name}}**", type="rich_text")
    partner = factory.factory.Partner(trade_name="A*B*_c_ [x](https://evil.example) - 1.")
    data = engine.render(factory.factory.inputs(document, values={}, partner=partner), "a4").data
    assert factory.read(data) == "A*B*_c_ [x](https://evil.example) - 1."


@pytest.mark.parametrize("broken", ["**open", "[a](", "- ", "*" * 200, "> quote", "# head", "[" * 300, "`code`"])
def test_broken_markup_is_read_leniently(broken: str) -> None:
    assert all(isinstance(span.text, str) for block in blocks_of(broken, "•") for span in block.spans)
