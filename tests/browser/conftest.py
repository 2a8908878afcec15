import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parent))
from install_chromium import find_chromium

from tests import story
from tests.running import PASSWORD, Running, running_service

SHOTS = Path(__file__).parents[2] / "build" / "screenshots"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    path = find_chromium()
    assert path, "The browser tests need Chromium. Run: python tests/browser/install_chromium.py"
    return {
        "executable_path": path,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
        ],
    }


@pytest.fixture(scope="session")
def service() -> Iterator[Running]:
    with running_service() as running:
        yield running


@pytest.fixture(scope="session")
def cast(service: Running) -> story.Cast:
    cast = story.people(service)
    story.money_for_partners(cast)
    return cast


@pytest.fixture
def signed_in(browser: Browser, service: Running) -> Iterator[Callable[..., Page]]:
    """`signed_in("ada@brand.example")` is a window of that person; two people never share one."""
    contexts = []

    def open_window(email: str, *, width: int = 1440, scheme: str = "light") -> Page:
        context = browser.new_context(
            base_url=service.url,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            locale="en-GB",
            accept_downloads=True,
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        # Says yes as a person would; driving the dialog itself races with the page when the machine is busy.
        context.add_init_script("window.confirm = () => true")
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{service.url}/")
        return page

    yield open_window
    for context in contexts:
        context.close()
