"""Signatures, verified by another library (dkimpy) against the record that is published."""

import dkim as reader
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tcma.infra import dkim
from tcma.infra.dkim import Algorithm

MESSAGE = (
    b"From: Nordwind GmbH <news@nordwind.example>\r\nReply-To: hello@nordwind.example\r\n"
    b"Subject: =?utf-8?B?R3LDvMOfZQ==?=\r\n  and \t more\r\nDate: Thu, 26 Nov 2026 10:00:00 +0000\r\n"
    b"Message-ID: <1@brand.example>\r\nTo: kim@people.example\r\nMIME-Version: 1.0\r\n"
    b"List-Unsubscribe: <https://portal.brand.example/u/1>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nHello \t  Kim,  \r\n\r\n  two\tlines\r\n\r\n\r\n"
)


@pytest.fixture(scope="module", params=list(Algorithm))
def key(request) -> tuple[dkim.Signer, bytes]:
    """A signer, and the record that is published for it."""
    private = dkim.new_private_key(request.param)
    record = f"v=DKIM1; k={request.param.value}; p={dkim.public_part(private)}"
    return dkim.signer("nordwind.example", "t1", private), record.encode()


def is_genuine(message: bytes, record: bytes) -> bool:
    def published(name: bytes, timeout: int = 5) -> bytes | None:
        return record if name == b"t1._domainkey.nordwind.example." else None

    return bool(reader.verify(message, dnsfunc=published))


def test_another_library_finds_the_signature_good(key):
    signer, record = key
    assert is_genuine(dkim.sign(MESSAGE, signer), record)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Nordwind GmbH", b"Evil GmbH"),
        (b"One-Click", b"Two-Click"),
        (b"/u/1>", b"/u/2>"),
        (b"Hello", b"Hallo"),
        (b"kim@", b"jo@"),
        (b"Thu, 26", b"Fri, 27"),
    ],
)
def test_a_change_of_what_people_rely_on_breaks_it(key, before, after):
    signer, record = key
    signed = dkim.sign(MESSAGE, signer)
    assert before in signed
    assert not is_genuine(signed.replace(before, after), record)


@pytest.mark.parametrize("line", [b"From: ceo@bank.example\r\n", b"Subject: Pay\r\n", b"Reply-To: x@evil.example\r\n"])
def test_a_second_sender_or_subject_breaks_it(key, line):
    signer, record = key
    assert not is_genuine(line + dkim.sign(MESSAGE, signer), record)


def test_blanks_that_servers_change_on_the_way_do_not_matter(key):
    signer, record = key
    carried = dkim.sign(MESSAGE, signer).replace(b"Hello \t  Kim,  \r\n", b"Hello Kim,\r\n").replace(b"  and", b"\tand")
    assert is_genuine(carried, record)


def test_what_a_provider_writes_anew_can_be_left_out(key):
    signer, record = key
    signed = dkim.sign(MESSAGE, signer, leave_out={b"date", b"message-id"})
    rewritten = signed.replace(b"Thu, 26", b"Fri, 27").replace(b"<1@brand.example>", b"<2@ses.example>")
    assert is_genuine(rewritten, record)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([b" ", b"\t", b"\r\n", b"a", b"=20", b"."]), max_size=12).map(b"".join))
def test_every_body_is_read_as_the_other_library_reads_it(body):
    sent = body + b"\r\n"
    assert dkim.relaxed_body(sent) == reader.canonicalization.Relaxed.canonicalize_body(sent)
    # A last line without an end is given one on the way.
    assert body.endswith(b"\r\n") or dkim.relaxed_body(body) == dkim.relaxed_body(sent)


def test_a_private_key_shows_up_in_no_text(key):
    signer, _ = key
    assert repr(signer) == "Signer(domain='nordwind.example', selector='t1')"
