"""A signed-in caller of the JSON API: what a script of somebody else would write."""

from collections.abc import Iterator
from typing import Any, Self

import httpx

Json = dict[str, Any]


class CallRefused(Exception):
    """Report an answer that was not a success, with its sentence."""


class Caller:
    """One person's way into the API."""

    def __init__(self, base_url: str, email: str, password: str) -> None:
        self.email = email
        self._client = httpx.Client(base_url=base_url.rstrip("/") + "/api/v1", timeout=60)
        answer = self._send("POST", "/tokens", json={"email": email, "password": password})
        self._client.headers["Authorization"] = f"Bearer {answer.json()['token']}"

    def __enter__(self) -> Self:
        """Use the caller in a block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._client.close()

    def get(self, path: str, **query: Any) -> Json:
        """Ask for something."""
        answer: Json = self._send("GET", path, params=query).json()
        return answer

    def every(self, path: str, **query: Any) -> Iterator[Json]:
        """Ask for a whole list, page by page."""
        after: int | None = None
        while True:
            page = self.get(path, **query, limit=200, **({} if after is None else {"after": after}))
            yield from page["items"]
            after = page["next"]
            if after is None:
                return

    def post(self, path: str, key: str, **body: Any) -> Json:
        """Do something, once for each key."""
        answer: Json = self._send("POST", path, json=body, headers={"Idempotency-Key": key}).json()
        return answer

    def patch(self, path: str, **body: Any) -> Json:
        """Change something."""
        answer: Json = self._send("PATCH", path, json=body).json()
        return answer

    def upload(self, data: bytes, filename: str, *, kind: str, name: str) -> int:
        """Upload a file and give the id of the asset."""
        answer = self._send("POST", "/assets", data={"kind": kind, "name": name}, files={"file": (filename, data)})
        return int(answer.json()["id"])

    def download(self, path: str) -> bytes:
        """Fetch a file."""
        return self._send("GET", path).content

    def _send(self, verb: str, path: str, **request: Any) -> httpx.Response:
        answer = self._client.request(verb, path, **request)
        if answer.is_success:
            return answer
        problem = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        said = problem.get("detail") or answer.text[:200]
        raise CallRefused(
            f"{self.email}: {verb} {path} was answered {answer.status_code}: {said} {problem.get('errors', '')}"
        )
