"""The door to files: a directory or S3 behind the same few verbs. Keys are ours, never a user's file name."""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
from boto3.exceptions import S3UploadFailedError
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tcma.kernel.errors import NotFound, Unavailable

CHUNK_BYTES = 1024 * 1024
_KEY = re.compile(r"[a-z0-9][a-z0-9_.-]*(/[a-z0-9][a-z0-9_.-]*)*")


class FileMissing(NotFound):
    """Report that no file is kept under a key."""

    code = "file_missing"
    message = "This file is no longer kept."


class StorageUnavailable(Unavailable):
    """Report that the place where files are kept does not answer."""

    code = "storage_unavailable"
    message = "The file storage is not answering. Try again in a moment."


class Storage(Protocol):
    """Keep bytes under keys. Every verb may raise StorageUnavailable."""

    def put(self, key: str, data: bytes, media_type: str) -> None:
        """Keep the bytes whole or not at all; the same key again replaces them."""

    def put_file(self, key: str, path: Path, media_type: str) -> None:
        """Keep the bytes of a file like `put`, without holding them in memory."""

    def get(self, key: str) -> bytes:
        """Return the bytes. Raises FileMissing."""

    def chunks(self, key: str) -> Iterator[bytes]:
        """Return the bytes piece by piece, without holding them in memory. Raises FileMissing before the first."""

    def open(self, key: str) -> BinaryIO:
        """Return a stream of the bytes. Raises FileMissing."""

    def exists(self, key: str) -> bool:
        """Tell whether something is kept under the key."""

    def delete(self, key: str) -> None:
        """Forget the bytes; forgetting what is not there is fine."""

    def ping(self) -> None:
        """Ask for a sign of life."""


def content_key(prefix: str, data: bytes) -> str:
    """Return the key of content, such as `logos/ab/cdef…`: the SHA-256 in hex, so the same bytes are kept once."""
    digest = hashlib.sha256(data).hexdigest()
    return f"{prefix}/{digest[:2]}/{digest[2:]}"


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    with closing(source):
        while piece := source.read(CHUNK_BYTES):
            yield piece


class DirectoryStorage:
    """Keep files under a directory; writes are atomic."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key) or ".." in key:
            raise FileMissing
        return self._root / key

    def put(self, key: str, data: bytes, media_type: str) -> None:
        """Keep the bytes whole or not at all; a directory has no place for the media type."""
        _ = media_type
        self._write(key, BytesIO(data))

    def put_file(self, key: str, path: Path, media_type: str) -> None:
        """Keep the bytes of a file, whole or not at all."""
        _ = media_type
        with path.open("rb") as source:
            self._write(key, source)

    def _write(self, key: str, source: BinaryIO) -> None:
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
            with os.fdopen(descriptor, "wb") as file:
                shutil.copyfileobj(source, file, CHUNK_BYTES)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except OSError as error:
            raise StorageUnavailable from error

    def get(self, key: str) -> bytes:
        """Return the bytes. Raises FileMissing."""
        with self.open(key) as file:
            return file.read()

    def chunks(self, key: str) -> Iterator[bytes]:
        """Return the bytes piece by piece. Raises FileMissing before the first."""
        return _pieces(self.open(key))

    def open(self, key: str) -> BinaryIO:
        """Return a stream of the bytes. Raises FileMissing."""
        try:
            return self._path(key).open("rb")
        except FileNotFoundError:
            raise FileMissing from None
        except OSError as error:
            raise StorageUnavailable from error

    def exists(self, key: str) -> bool:
        """Tell whether something is kept under the key."""
        return self._path(key).is_file()

    def delete(self, key: str) -> None:
        """Forget the bytes."""
        self._path(key).unlink(missing_ok=True)

    def ping(self) -> None:
        """See that the directory can be written to."""
        try:
            self._root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageUnavailable from error
        if not os.access(self._root, os.W_OK):
            raise StorageUnavailable(f"The storage directory {self._root} cannot be written to.")


class S3Storage:
    """Keep files in an S3 bucket, or what speaks the same protocol."""

    def __init__(self, bucket: str, endpoint: str | None = None) -> None:
        self._bucket = bucket
        settings = Config(connect_timeout=3, read_timeout=30, retries={"max_attempts": 3, "mode": "standard"})
        self._client = boto3.client("s3", endpoint_url=endpoint, config=settings)

    def put(self, key: str, data: bytes, media_type: str) -> None:
        """Keep the bytes, with their media type."""
        try:
            self._client.put_object(Bucket=self._bucket, Key=key, Body=data, ContentType=media_type)
        except (BotoCoreError, ClientError) as error:
            raise StorageUnavailable from error

    def put_file(self, key: str, path: Path, media_type: str) -> None:
        """Keep the bytes of a file, in parts if it is large."""
        try:
            self._client.upload_file(str(path), self._bucket, key, ExtraArgs={"ContentType": media_type})
        except (BotoCoreError, ClientError, S3UploadFailedError) as error:
            raise StorageUnavailable from error

    def get(self, key: str) -> bytes:
        """Return the bytes. Raises FileMissing."""
        return self.open(key).read()

    def chunks(self, key: str) -> Iterator[bytes]:
        """Return the bytes piece by piece. Raises FileMissing before the first."""
        return _pieces(self._body(key))

    def open(self, key: str) -> BinaryIO:
        """Return a stream of the bytes. Raises FileMissing."""
        try:
            return BytesIO(self._body(key).read())
        except BotoCoreError as error:
            raise StorageUnavailable from error

    def _body(self, key: str) -> BinaryIO:
        try:
            body: BinaryIO = self._client.get_object(Bucket=self._bucket, Key=key)["Body"]
        except ClientError as error:
            if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
                raise FileMissing from None
            raise StorageUnavailable from error
        except BotoCoreError as error:
            raise StorageUnavailable from error
        return body

    def exists(self, key: str) -> bool:
        """Tell whether something is kept under the key."""
        try:
            self._client.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
                return False
            raise StorageUnavailable from error
        except BotoCoreError as error:
            raise StorageUnavailable from error
        return True

    def delete(self, key: str) -> None:
        """Forget the bytes."""
        try:
            self._client.delete_object(Bucket=self._bucket, Key=key)
        except (BotoCoreError, ClientError) as error:
            raise StorageUnavailable from error

    def ping(self) -> None:
        """Ask whether the bucket is there."""
        try:
            self._client.head_bucket(Bucket=self._bucket)
        except (BotoCoreError, ClientError) as error:
            raise StorageUnavailable from error


_storage: Storage | None = None


def make_storage(url: str) -> Storage:
    """Return the storage behind `file:///directory` or `s3://bucket?endpoint=https://…`."""
    parts = urlsplit(url)
    if parts.scheme == "s3":
        return S3Storage(parts.netloc, endpoint=parse_qs(parts.query).get("endpoint", [None])[0])
    return DirectoryStorage(Path(unquote(parts.path)))


def configure(url: str) -> None:
    """Say where files are kept."""
    global _storage  # noqa: PLW0603 - one process has one storage
    _storage = make_storage(url)


def storage() -> Storage:
    """Return the storage. Raises RuntimeError before `configure`."""
    if _storage is None:
        raise RuntimeError("the storage is not configured: create_app(settings) does that")
    return _storage
