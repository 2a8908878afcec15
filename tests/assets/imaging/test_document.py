import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from assets.imaging import document, errors
from assets.imaging.limits import DOCUMENT


def script():
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def link(address):
    return Dictionary(S=Name.URI, URI=String(address))


def note(**entries):
    return Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], **entries)


def a_pdf():
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    return pdf


def written(pdf):
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def cleaned(pdf):
    """Our copy as plain text, and what we say about it."""
    result = document.clean(written(pdf), DOCUMENT)
    plain = io.BytesIO()
    with pikepdf.open(io.BytesIO(result.data)) as copy:
        copy.save(plain, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False, qdf=True)
    return plain.getvalue(), result.notes


def in_a_form(pdf):
    kid = Dictionary(T=String("kid"), A=script(), AA=Dictionary(K=script()))
    pdf.Root.AcroForm = Dictionary(Fields=Array([Dictionary(T=String("field"), Kids=Array([kid]))]))


def in_the_outlines(pdf):
    pdf.Root.Outlines = Dictionary(First=Dictionary(Title=String("one"), A=script()))


def in_the_outlines_of_another_object(pdf):
    first = pdf.make_indirect(Dictionary(Title=String("one"), A=script(), Next=Dictionary(A=script())))
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=first))


def before_a_link(pdf):
    pdf.pages[0].obj.Annots = Array([note(A=link("https://shop.example/"), PA=link("javascript:app.alert(1)"))])


def as_an_address(pdf):
    pdf.pages[0].obj.Annots = Array([note(A=link(" JavaScript:app.alert(1)"))])


def as_an_address_elsewhere(pdf):
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=Dictionary(A=pdf.make_indirect(link("data:app.alert(1)")))))


def after_a_link(pdf):
    pdf.pages[0].obj.Annots = Array([note(A=Dictionary(S=Name.GoTo, D=String("a"), Next=Array([script()])))])


def without_saying_so(pdf):
    pdf.Root.Outlines = Dictionary(First=Dictionary(A=Dictionary(JS=String("app.alert(1)"))))


def as_a_stream(pdf):
    action = Dictionary(S=Name.JavaScript, JS=pdf.make_stream(b"app.alert(1)"))
    pdf.Root.Outlines = Dictionary(First=Dictionary(A=action))


def in_a_tree_of_names(pdf):
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Kids=Array([Dictionary(Names=Array([String("a"), script()]))])))


def of_a_kind_nobody_knows(pdf):
    pdf.Root.Outlines = Dictionary(First=Dictionary(A=Dictionary(S=Name("/Unheard"), X=String("app.alert(1)"))))


def in_an_attached_file(pdf):
    pdf.pages[0].obj.Somewhere = Array([Dictionary(Type=Name.Filespec, EF=Dictionary(F=pdf.make_stream(b"app.alert")))])


def in_the_trailer(pdf):
    pdf.trailer.Odd = Dictionary(A=script())


@pytest.mark.parametrize(
    "hide",
    [
        in_a_form,
        in_the_outlines,
        in_the_outlines_of_another_object,
        before_a_link,
        as_an_address,
        as_an_address_elsewhere,
        after_a_link,
        without_saying_so,
        as_a_stream,
        in_a_tree_of_names,
        of_a_kind_nobody_knows,
        in_an_attached_file,
        in_the_trailer,
    ],
)
def test_what_acts_is_removed_wherever_it_stands(hide):
    pdf = a_pdf()
    hide(pdf)
    text, notes = cleaned(pdf)
    for trace in (b"app.alert", b"/JavaScript", b"/JS", b"/AA", b"/PA", b"/EF"):
        assert trace not in text
    assert notes


@pytest.mark.parametrize("kind", ["Launch", "SubmitForm", "ImportData", "GoToE", "GoToR", "Rendition"])
def test_every_kind_of_action_that_does_something_is_removed_deep_inside(kind):
    pdf = a_pdf()
    action = Dictionary(S=Name("/" + kind), F=String("calc.exe"))
    pdf.Root.AcroForm = Dictionary(Fields=Array([Dictionary(Kids=Array([Dictionary(A=action)]))]))
    text, _ = cleaned(pdf)
    assert b"calc.exe" not in text
    assert kind.encode() not in text


@pytest.mark.parametrize(
    "address", ["https://shop.example/", "HTTP://shop.example/", "mailto:a@shop.example", "tel:+4930123"]
)
def test_a_link_for_people_stays(address):
    pdf = a_pdf()
    pdf.pages[0].obj.Annots = Array([note(A=link(address))])
    text, notes = cleaned(pdf)
    assert address.encode() in text
    assert not notes


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "vbscript:x", "java\nscript:x", "\\\\host\\share", "smb://x/"]
)
def test_any_other_address_is_removed(address):
    pdf = a_pdf()
    pdf.Root.Outlines = Dictionary(First=Dictionary(Title=String("one"), A=link(address)))
    text, _ = cleaned(pdf)
    assert b"/URI" not in text
    assert b"one" in text


def test_what_only_shows_stays_as_it_is():
    pdf = a_pdf()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page = pdf.pages[0].obj
    page.Resources = Dictionary(Font=Dictionary({"/AA": pdf.make_indirect(font), "/PA": font}))
    page.Annots = Array([note(A=Dictionary(S=Name.GoTo, D=Array([page, Name.Fit])))])
    second = pdf.make_indirect(Dictionary(Title=String("two")))
    pdf.Root.Outlines = Dictionary(First=pdf.make_indirect(Dictionary(Title=String("one"), Next=second)))
    pdf.Root.StructTreeRoot = Dictionary(K=Dictionary(S=Name.P, A=Dictionary(O=Name.Layout, Placement=Name.Block)))
    pdf.Root.Names = Dictionary(Dests=Dictionary(Names=Array([String("a"), Array([page, Name.Fit])])))
    text, notes = cleaned(pdf)
    for trace in (b"/AA", b"/PA", b"/GoTo", b"(one)", b"(two)", b"/Layout", b"/Dests"):
        assert trace in text
    assert not notes


def test_containers_within_containers_without_end_are_refused():
    pdf = a_pdf()
    deep = Dictionary(A=script())
    for _ in range(document.MAX_DEPTH + 5):
        deep = Array([deep])
    pdf.Root.Deep = deep
    with pytest.raises(errors.FileBroken):
        document.clean(written(pdf), DOCUMENT)


def test_a_document_with_too_many_entries_is_refused(monkeypatch):
    monkeypatch.setattr(document, "MAX_PARTS", 1_000)
    pdf = a_pdf()
    pdf.Root.Wide = Array([0] * 1_001)
    with pytest.raises(errors.FileBroken):
        document.clean(written(pdf), DOCUMENT)
