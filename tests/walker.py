"""A visitor who signs in and follows every link: what a person clicking around would find broken."""

import re
from collections import Counter
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx

# Links that leave the visit: out of the session, or into what a recipient of a mail may do.
LEFT_ALONE = ("/sign-out", "/t/", "/u/")
ALIKE = 4  # pages of one kind (/mdf/claims/N) that are looked at


def sign_in(url: str, email: str, password: str) -> httpx.Client:
    """Return the browser of a person, signed in through the form."""
    browser = httpx.Client(base_url=url, follow_redirects=True, timeout=60)
    form = browser.get("/")
    hidden = dict(re.findall(r'<input[^>]*name="(csrf_token|_key)"[^>]*value="([^"]+)"', form.text))
    answer = browser.post(str(form.url), data={**hidden, "email": email, "password": password})
    assert answer.status_code == 200, answer.text
    return browser


def walk(browser: httpx.Client) -> dict[str, int]:
    """Follow every link from the home page and return each path with its status."""
    found: dict[str, int] = {}
    kinds: Counter[str] = Counter()
    waiting = ["/"]
    while waiting:
        path = waiting.pop(0)
        if path in found:
            continue
        answer = browser.get(path)
        found[path] = answer.status_code
        if "html" not in answer.headers.get("content-type", ""):
            continue
        for link in re.findall(r'(?:href|src)="([^"]+)"', answer.text):
            address = urldefrag(urljoin(str(answer.url), link.replace("&amp;", "&")))[0]
            parts = urlsplit(address)
            if parts.netloc != answer.url.netloc.decode() or parts.path.startswith(LEFT_ALONE):
                continue
            kind = re.sub(r"\d+", "N", parts.path)
            kinds[kind] += 1
            if kinds[kind] <= ALIKE:
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found
