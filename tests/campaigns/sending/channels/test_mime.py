"""The bytes of a mail, read back by Python's own parser, whatever people are called."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.sending.channels import mime
from campaigns.sending.channels.letter import (
    Attachment,
    Content,
    Letter,
    Sender,
    UnknownToken,
    with_pixel,
)
from campaigns.sending.channels.mime import Place

SENDER = Sender('Nörd "Wind" GmbH', "nord@svc.example", "a@nord.example", "Nord GmbH, Weg 1, 12345 Ort, DE")
CONTENT = Content(
    "Hi {{contact.first_name}}",
    '<html><body><p>Hi {{contact.first_name}}, <a href="{{link:0}}">go</a></p></body></html>',
    "Hi {{contact.first_name}}, {{link:0}}\n.a line that begins with a dot\n",
)
WORDS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=120)


def read(data: bytes) -> EmailMessage:
    return message_from_bytes(data, policy=policy.default)


def shown(text: str) -> str:
    return " ".join(mime._CONTROL.sub(" ", text).split())


@given(WORDS)
def test_any_name_stays_inside_its_place(name: str) -> None:
    letter = Letter(CONTENT, SENDER, headers={"Feedback-ID": "a:b:c:d"})
    data = letter.to([(b"To", b"ana@x.example")], {"contact.first_name": name, "link:0": "https://x.example/t"})
    mail = read(data)
    assert list(mail.keys()) == ["To", "From", "Reply-To", "Subject", "Feedback-ID", "MIME-Version", "Content-Type"]
    assert not mail.defects
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    page = mail.get_body(("html",)).get_content()
    assert page.count("<") == CONTENT.html.count("<")
    assert 'href="https://x.example/t"' in page


@given(WORDS)
def test_a_text_comes_out_as_it_went_in(name: str) -> None:
    clean = "".join(letter for letter in name if letter.isprintable())
    letter = Letter(CONTENT, SENDER, headers={})
    mail = read(letter.to([], {"contact.first_name": clean, "link:0": "https://x.example/t"}))
    assert f"Hi {clean}, https://x.example/t" in mail.get_body(("plain",)).get_content().replace("\n", "\n")
    assert ".a line that begins with a dot" in mail.get_body(("plain",)).get_content()


@given(WORDS)
def test_lines_of_quoted_printable_are_short(text: str) -> None:
    pieces = mime.body(text.replace("{{", "") * 3 + "{{contact.company}}" + text.replace("{{", ""), Place.TEXT)
    joined = b"".join(piece if isinstance(piece, bytes) else b"x" * 75 for piece in pieces)
    assert all(len(line) <= 76 for line in joined.split(b"\r\n"))


@given(WORDS)
def test_headers_hold_any_alphabet_and_no_line_breaks(text: str) -> None:
    raw = mime.header_value(text)
    assert raw.isascii()
    mail = read(b"Subject: " + raw + b"\r\n\r\n")
    assert list(mail.keys()) == ["Subject"]


@pytest.mark.parametrize("text", ["Grüße aus Köln", "日本語の件名" * 12, "plain", "😀" * 40, "a" * 300])
def test_headers_are_read_back_as_they_were(text: str) -> None:
    assert read(b"Subject: " + mime.header_value(text) + b"\r\n\r\n")["Subject"] == text


@pytest.mark.parametrize("name", ["Nordwind", 'Say "Hi"', "Müller & Söhne", "a@b", "Doe, Jane", ""])
def test_a_display_name_never_becomes_an_address(name: str) -> None:
    (found,) = read(b"From: " + mime.mailbox(name, "x@svc.example") + b"\r\n\r\n")["From"].addresses
    assert (found.display_name, found.addr_spec) == (name, "x@svc.example")


@pytest.mark.parametrize("address", ["", "a b@x", "a@x>\r\nBcc: y@z", "a@x, b@x", "<a@x>"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        mime.mailbox("x", address)


def test_an_unknown_token_is_refused_before_anything_leaves() -> None:
    with pytest.raises(UnknownToken, match=r"contact\.iban"):
        Letter(Content("Hi", "<p>{{contact.iban}}</p>", "x"), SENDER, headers={})


def test_files_travel_beside_the_text_and_pictures_inside_it() -> None:
    files = (
        Attachment("Flyer Ü.pdf", "application/pdf", b"%PDF-" + bytes(range(256)) * 20),
        Attachment("logo.png", "image/png", b"\x89PNG", content_id="logo@svc.example"),
    )
    letter = Letter(
        Content("Hi", "<html><body><img src='cid:logo@svc.example'></body></html>", "Hi", files), SENDER, headers={}
    )
    mail = read(letter.to([], {}))
    assert mail.get_content_type() == "multipart/mixed"
    (file,) = list(mail.iter_attachments())
    assert file.get_content() == files[0].data
    assert file.get_filename() == "Flyer _.pdf"
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/pdf",
    ]


def test_the_pixel_stands_once() -> None:
    assert with_pixel("<body>x</body>") == "<body>x{{pixel}}</body>"
    assert with_pixel("<body>{{pixel}}</body>") == "<body>{{pixel}}</body>"
    assert with_pixel("x") == "x{{pixel}}"
