"""Receive a file: keep it as it came, and read its first rows. Reaches the storage: outside of the transaction."""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO
from uuid import uuid4

from campaigns.imports import rules
from campaigns.imports.errors import ListUnreadable
from campaigns.imports.model import ContactList
from campaigns.imports.rules import Layout, ListState, NotAWorkbook
from campaigns.imports.rules.sniffing import SNIFFED_BYTES
from tcma.audit import service as audit
from tcma.infra.db import session
from tcma.infra.storage import storage
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import Forbidden
from tcma.kernel.permissions import Permission

CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Received:
    """A file that lies in the storage, and is no list yet."""

    key: str
    sha256: str
    size_bytes: int
    layout: Layout
    is_workbook: bool

    @classmethod
    def store(cls, source: IO[bytes]) -> Received:
        """Read how a file is written, and keep it. Raises ListUnreadable, StorageUnavailable."""
        digest, size = hashlib.sha256(), 0
        with tempfile.NamedTemporaryFile(suffix=".list") as kept:
            while chunk := source.read(_CHUNK_BYTES):
                size += len(chunk)
                if size > rules.LARGEST_BYTES:
                    raise ListUnreadable(f"The file is larger than {rules.LARGEST_BYTES // 1024 // 1024} MB. Split it.")
                digest.update(chunk)
                kept.write(chunk)
            kept.seek(0)
            start = kept.read(SNIFFED_BYTES)
            is_workbook = start.startswith(b"PK")
            kept.seek(0)
            layout = _of_workbook(kept) if is_workbook else rules.sniff(start)
            kept.flush()
            key = f"lists/{uuid4().hex}"
            storage().put_file(key, Path(kept.name), XLSX if is_workbook else CSV)
        return cls(key, digest.hexdigest(), size, layout, is_workbook)


def _of_workbook(source: IO[bytes]) -> Layout:
    try:
        header = next(rules.rows_of_workbook(source), [])
    except NotAWorkbook as problem:
        raise ListUnreadable(str(problem)) from problem
    if not any(name.strip() for name in header):
        raise ListUnreadable("The first sheet is empty, or its first row names no columns.")
    return Layout("utf-8", ",", tuple(name.strip()[:80] for name in header))


def receive(actor: Actor, received: Received, *, filename: str) -> ContactList:
    """Write a received file down as a list that waits for what its columns mean. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_CONTACT_IMPORT)
    if actor.partner_id is None:
        raise Forbidden
    as_text = not received.is_workbook and received.layout.encoding != "utf-16"
    row = ContactList(
        partner_id=actor.partner_id,
        filename=filename[:200],
        file_sha256=received.sha256,
        state=ListState.WAITING,
        raw_key=received.key,
        text_key=received.key if as_text else "",
        encoding=received.layout.encoding,
        separator=received.layout.separator,
        header=list(received.layout.header),
        columns=rules.suggested_columns(received.layout.header),
        size_bytes=received.size_bytes,
        given_by=actor.user_id,
    )
    session.add(row)
    session.flush()
    audit.record(actor, "campaigns.list.received", row, file_sha256=received.sha256)
    return row


def samples(of: ContactList) -> list[list[str]]:
    """Return the first rows of a list below its header. Reaches the storage: call it outside of the transaction."""
    with storage().open(of.raw_key) as source, tempfile.SpooledTemporaryFile(max_size=8 * _CHUNK_BYTES) as kept:
        if of.text_key:
            start = source.read(SNIFFED_BYTES).decode(of.encoding, "replace").removeprefix("\ufeff")
            rows: Iterator[list[str]] = csv.reader(io.StringIO(start, newline=""), delimiter=of.separator)
        else:
            for chunk in iter(lambda: source.read(_CHUNK_BYTES), b""):
                kept.write(chunk)
            kept.seek(0)
            rows = _rows(kept, of)
        return [[cell[:80] for cell in row] for row in islice(rows, 1, 1 + rules.SAMPLE_ROWS) if any(row)]


def text_of_workbook(of: ContactList) -> tuple[str, int]:
    """Turn a workbook, or a text in UTF-16, into text, keep it, and return its key and size.

    Reaches the storage: call it outside of the transaction. Raises ListUnreadable, StorageUnavailable, FileMissing.
    """
    key = f"{of.raw_key}.text"
    with tempfile.NamedTemporaryFile() as raw, tempfile.NamedTemporaryFile("w", newline="", encoding="utf-8") as text:
        with storage().open(of.raw_key) as source:
            for chunk in iter(lambda: source.read(_CHUNK_BYTES), b""):
                raw.write(chunk)
        raw.seek(0)
        writer = csv.writer(text, delimiter=of.separator, lineterminator="\n")
        try:
            # An empty row stays a row, so that numbers are those of the sheet.
            writer.writerows(row or [""] for row in _rows(raw, of))
        except NotAWorkbook as problem:
            raise ListUnreadable(str(problem)) from problem
        text.flush()
        storage().put_file(key, Path(text.name), CSV)
        return key, Path(text.name).stat().st_size


def _rows(source: IO[bytes], of: ContactList) -> Iterator[list[str]]:
    if of.encoding != "utf-16":
        yield from rules.rows_of_workbook(source)
        return
    text = io.TextIOWrapper(source, "utf-16", errors="replace", newline="")
    try:
        yield from csv.reader(text, delimiter=of.separator)
    finally:
        text.detach()
