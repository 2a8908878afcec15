"""The caught mails: public while there is a sandbox, harmless to look at, absent in production."""

import dataclasses
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask

from tcma import settings as process_settings
from tcma.settings import Settings


@pytest.fixture
def directory(settings: Settings) -> Iterator[Path]:
    folder = settings.sandbox_mail_dir
    assert folder is not None
    yield folder
    for file in folder.glob("*.eml"):
        file.unlink()


def caught(directory: Path, number: int, **fields: str) -> str:
    mail = EmailMessage()
    mail["X-Envelope-To"] = fields.get("to", f"person{number}@x.example")
    mail["From"] = "Nordwind <news@svc.example>"
    mail["Subject"] = fields.get("subject", f"Mail {number}")
    mail.set_content("Hello in plain text\n")
    mail.add_alternative("<p>Hello</p><script>alert(1)</script>", subtype="html")
    mail.add_attachment(b"%PDF-1.7 flyer", maintype="application", subtype="pdf", filename="flyer.pdf")
    mail.add_attachment(b"<script>", maintype="text", subtype="html", filename="evil.html")
    name = f"20260101T000000{number:06d}-1-{number:07d}"
    (directory / f"{name}.eml").write_bytes(mail.as_bytes())
    return name


def test_a_stranger_sees_the_newest_mails_first(app: Flask, world: None, directory: Path) -> None:
    for number in range(60):
        caught(directory, number)
    page = app.test_client().get("/sandbox/mail/").get_data(as_text=True)
    assert page.index("Mail 59") < page.index("Mail 58")
    assert "Mail 10<" in page
    assert "Mail 9<" not in page
    older = app.test_client().get("/sandbox/mail/?after=20260101T000000000010-1-0000010").get_data(as_text=True)
    assert "Mail 9<" in older
    assert "Mail 10<" not in older


def test_mails_are_found_by_recipient(app: Flask, world: None, directory: Path) -> None:
    caught(directory, 1, to="ana@x.example", subject="For Ana")
    caught(directory, 2, to="ben@x.example", subject="For Ben")
    page = app.test_client().get("/sandbox/mail/?to=ana@").get_data(as_text=True)
    assert "For Ana" in page
    assert "For Ben" not in page


def test_a_mail_is_shown_with_headers_text_and_files_and_its_html_can_do_nothing(
    app: Flask, world: None, directory: Path
) -> None:
    name = caught(directory, 1, subject="<b>Bold</b>")
    client = app.test_client()
    page = client.get(f"/sandbox/mail/{name}").get_data(as_text=True)
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page
    assert "Hello in plain text" in page
    assert "flyer.pdf" in page
    framed = client.get(f"/sandbox/mail/{name}/html")
    assert "default-src 'none'" in framed.headers["Content-Security-Policy"]
    assert "sandbox" in framed.headers["Content-Security-Policy"]
    assert "script" not in framed.headers["Content-Security-Policy"]
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    pdf = client.get(f"/sandbox/mail/{name}/attachments/1")
    assert (pdf.mimetype, pdf.data) == ("application/pdf", b"%PDF-1.7 flyer")
    evil = client.get(f"/sandbox/mail/{name}/attachments/2")
    assert evil.mimetype == "application/octet-stream"
    assert evil.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"/sandbox/mail/{name}/source").mimetype == "text/plain"


@pytest.mark.parametrize("path", ["absent", "..%2fsecret", "20260101T000000000001-1-0000001/attachments/9"])
def test_what_is_not_there_is_not_found(app: Flask, world: None, directory: Path, path: str) -> None:
    caught(directory, 1)
    assert app.test_client().get(f"/sandbox/mail/{path}").status_code == 404


def test_there_is_no_such_page_without_a_sandbox(app: Flask, world: None, settings: Settings) -> None:
    process_settings.install(dataclasses.replace(settings, sandbox_mail_dir=None))
    try:
        assert app.test_client().get("/sandbox/mail/").status_code == 404
    finally:
        process_settings.install(settings)
