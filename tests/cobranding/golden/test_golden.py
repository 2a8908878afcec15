"""Every output in two scripts looks as a person approved it, says what the values say, and is the same bytes again."""

import io

import pikepdf
import pypdfium2
import pytest

from cobranding.rendering import engine
from tests.cobranding.golden.documents import WORDS, inputs
from tests.cobranding.golden.pictures import SCRIPTS, Case, approved, cases, distance, drawn


@pytest.mark.parametrize("case", list(cases()), ids="-".join)
def test_a_render_looks_as_it_was_approved(case: Case) -> None:
    now, then = drawn(case), approved(case)
    assert now.size == then.size
    mean, clearly = distance(now, then)
    assert mean < 0.6, "draw it anew with `python -m tests.cobranding.golden.pictures`, look at it, then commit it"
    assert clearly < 0.002


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(("kind", "fmt", "output"), [("flyer", "a4", "pdf"), ("flyer", "a4", "screen_pdf")])
def test_an_independent_reader_finds_the_words_as_they_were_given(
    kind: str, fmt: str, output: str, script: str
) -> None:
    data = engine.render(inputs(kind, script), fmt, output).data
    found = " ".join(pypdfium2.PdfDocument(data)[0].get_textpage().get_text_bounded().split())
    words = WORDS[script]
    for name in ("headline", "kicker", "note", "legal"):
        assert " ".join(words[name].split()) in found, name


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(
    ("kind", "fmt", "output"),
    [
        ("flyer", "a4", "pdf"),
        ("flyer", "a4", "screen_pdf"),
        ("deck", "wide", "screen_pdf"),
        ("finished", "brochure", "pdf"),
    ],
)
def test_a_pdf_is_clean_embeds_its_fonts_and_is_made_of_the_same_bytes_again(
    kind: str, fmt: str, output: str, script: str
) -> None:
    data = engine.render(inputs(kind, script), fmt, output).data
    engine.forget()
    assert engine.render(inputs(kind, script), fmt, output).data == data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
        fonts = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/FontDescriptor" in thing]
        ours = [font for font in fonts if "+" in str(font.BaseFont)]
        assert ours
        for font in ours:
            assert {"/FontFile2", "/FontFile3"} & set(font.FontDescriptor.keys())
