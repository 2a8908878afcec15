"""Every page that can be reached by links, as each of the people: it answers, has a title, fits a phone, and axe has
nothing to say about it in light or dark. Runs after the story on the same service, so that the pages have content.
"""

import re
from collections import deque
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import SHOTS

pytestmark = pytest.mark.xdist_group("browser")

PEOPLE = (
    "owner@partner-a.example",
    "marketing@brand.example",
    "channel@brand.example",
    "finance@brand.example",
    "admin@brand.example",
)
# What is not ours to judge: mails as their recipients see them, drawn by the brand's own template.
MAILS = re.compile(r"/mail/[a-z_]+$|/html$|^/api/|^/u/|^/m/")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


def _shape(path: str) -> str:
    """Name a kind of page: ids and marks do not count."""
    return re.sub(r"/[0-9a-f]{32}(?=/|$)", "/H", re.sub(r"/\d+(?=/|$)", "/N", path.split("?", maxsplit=1)[0]))


def _links(page: Page) -> list[str]:
    origin = urlsplit(page.url).netloc
    found = [urlsplit(address) for address in page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")]
    return [link.path + (f"?{link.query}" if link.query else "") for link in found if link.netloc == origin]


def _pages(page: Page):
    """Yield one page of each kind that links lead to, opened."""
    waiting, seen = deque(["/"]), set()
    while waiting:
        path = waiting.popleft()
        shape = _shape(path)
        if shape in seen or MAILS.search(shape):
            continue
        seen.add(shape)
        try:
            answer = page.goto(path)
        except Error as error:
            if "Download is starting" not in str(error):
                raise
            continue
        assert answer is not None
        assert answer.status < 400, f"{path}: {answer.status}"
        if "text/html" not in answer.headers["content-type"]:
            continue
        waiting.extend(_links(page))
        yield shape


def _leaves(address: str, home: str) -> bool:
    return address.startswith(("http", "ws")) and not address.startswith(f"{home}/")


def _violations(page: Page, options: dict) -> list[str]:
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_answers_fits_and_can_be_used_by_everybody(signed_in, service, cast, who):
    page = signed_in(who)
    faults: list[str] = []
    complaints: list[tuple[str, str]] = []
    elsewhere: set[str] = set()
    page.on("pageerror", lambda error: complaints.append((page.url, str(error))))
    page.on("console", lambda said: complaints.append((page.url, said.text)) if said.type == "error" else None)
    # The browser's own viewer of PDFs asks chrome-extension:// for its parts.
    page.on("request", lambda request: elsewhere.add(request.url) if _leaves(request.url, service.url) else None)
    folder = SHOTS / who.split("@")[0]
    folder.mkdir(parents=True, exist_ok=True)
    seen = set()
    for shape in _pages(page):
        seen.add(shape)
        name = shape.strip("/").replace("/", "-") or "home"
        if not re.fullmatch(r".+ · Halden Cloud", page.title()):
            faults.append(f"{shape}: the title is {page.title()!r}")
        faults += [f"{shape}: {one}" for one in _violations(page, RULES)]
        page.screenshot(path=folder / f"{name}.png", full_page=True)
        page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
        faults += [f"{shape}, dark: {one}" for one in _violations(page, CONTRAST)]
        page.evaluate("document.documentElement.dataset.bsTheme = 'light'")
        page.set_viewport_size({"width": 360, "height": 780})
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wider > 0:
            faults.append(f"{shape}: {wider} pixels too wide for a phone")
        page.screenshot(path=folder / f"{name}-phone.png", full_page=True)
        page.set_viewport_size({"width": 1440, "height": 900})
    # A picture or a PDF that is opened by itself is shown by the browser's own page, which our policy binds as well.
    faults += [f"{url}: {text}" for url, text in complaints if _shape(urlsplit(url).path) in seen]
    assert not faults, "\n".join(faults)
    assert not elsewhere
    assert len(seen) >= 20


def test_the_keyboard_reaches_everything_and_can_skip_the_menu(signed_in, cast):
    page = signed_in("owner@partner-a.example")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_menu_opens_and_closes_on_a_phone(signed_in, cast):
    page = signed_in("owner@partner-a.example", width=360)
    menu = page.get_by_role("button", name="Menu")
    kits = page.get_by_role("navigation", name="Main").get_by_role("link", name="Kits")

    expect(kits).to_be_hidden()
    menu.click()
    expect(kits).to_be_visible()
    page.keyboard.press("Escape")
    expect(kits).to_be_hidden()
    expect(menu).to_be_focused()


def test_light_and_dark_follow_the_system_until_somebody_chooses(signed_in, cast):
    page = signed_in("owner@partner-a.example", scheme="dark")
    theme = page.locator("html")
    expect(theme).to_have_attribute("data-bs-theme", "dark")

    page.get_by_role("button", name="Switch between light and dark").click()
    page.reload()

    expect(theme).to_have_attribute("data-bs-theme", "light")


def test_without_scripts_signing_in_and_the_menu_work(browser, service, cast):
    context = browser.new_context(
        base_url=service.url, java_script_enabled=False, viewport={"width": 360, "height": 780}
    )
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill("owner@partner-a.example")
    page.get_by_label("Password").fill("a sentence that only tests know")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Hello Olga Owner")
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Kits")).to_be_visible()
    context.close()
