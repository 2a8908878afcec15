"""Rendering, previewing and composing reach the storage only after their transaction has ended."""

from collections.abc import Callable
from typing import Any

import pytest

from assets.library.service import reading as reading_of_files
from cobranding.artworks import service as artworks
from cobranding.rendering import engine
from cobranding.rendering.cache import Kept
from cobranding.rendering.pictures import decoding, encoding, grounds, logos, mail, painting, placing
from tcma.infra.db import reading, session
from tcma.infra.storage import storage
from tests.factories import accounts
from tests.factories import cobranding as factory


@pytest.fixture
def strict(cast, monkeypatch) -> list[str]:
    """Make the storage refuse whoever asks from within a transaction, empty the memories, and count the reads."""
    kept, reads = storage(), []

    class Strict:
        def __getattr__(self, name: str) -> Callable[..., Any]:
            def ask(*arguments: Any) -> Any:
                assert not session.info.get("acting"), f"storage().{name} was called inside a transaction"
                reads.append(name)
                return getattr(kept, name)(*arguments)

            return ask

    monkeypatch.setattr(reading_of_files, "storage", Strict)
    return reads


@pytest.fixture(autouse=True)
def _forget() -> None:
    engine.forget()
    for module in (decoding, encoding, painting, grounds, logos, mail, placing):
        for memory in vars(module).values():
            if isinstance(memory, Kept):
                memory.clear()


def test_an_artwork_is_made_and_shown_without_waiting_inside(api, portal, cast, published, strict) -> None:
    version = published()
    made = api(cast.owner).post("/artworks", json={"template_version_id": version["id"]}).json
    assert strict == []
    assert portal(cast.owner).get(f"/artworks/{made['id']}").status_code == 200
    assert api(cast.owner).get(f"/artworks/{made['id']}/preflight").status_code == 200
    for fmt in ("a4", "square"):
        assert api(cast.owner).get(f"/artworks/{made['id']}/renders/{fmt}").status_code == 200
        assert api(cast.owner).get(f"/artworks/previews/{version['id']}/{fmt}").status_code == 200
    assert set(strict) == {"get"}


def test_a_mail_is_written_and_its_logo_given_without_waiting_inside(api, portal, cast, published, strict) -> None:
    version = published(factory.email(), name="Mail")
    assert portal(cast.owner).get(f"/artworks/previews/{version['id']}/email").status_code == 200
    owner = accounts.actor_for(cast.owner)
    with reading(owner):
        inputs = artworks.email_inputs(owner, cast.north.id, version["id"], {}, {})
    artworks.compose(inputs)
    assert strict == []
    assert portal().get(f"/m/{inputs.logo_url.rpartition('/')[2]}").status_code == 200
    assert strict == ["get"]
