"""What the body of an e-mail may contain: known tags and tokens, harmless attributes, addresses that lead outside."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from cobranding.rendering.document import outward
from cobranding.rendering.document.elements import Texts
from cobranding.rendering.document.model import Document, EmailBody
from cobranding.rendering.document.tokens import BRAND_TOKENS, MERGED, PARTNER_TOKENS, strays_in, tokens_in
from cobranding.rendering.mjml.compiling import EVERYTHING, compile_page

LAYOUT = frozenset(
    [
        "mjml",
        "mj-head",
        "mj-title",
        "mj-preview",
        "mj-attributes",
        "mj-all",
        "mj-class",
        "mj-style",
        "mj-breakpoint",
        "mj-body",
        "mj-wrapper",
        "mj-section",
        "mj-column",
        "mj-group",
        "mj-text",
        "mj-button",
        "mj-image",
        "mj-divider",
        "mj-spacer",
        "mj-table",
        "mj-hero",
        "mj-raw",
    ]
)
WORDING = frozenset(
    [
        "a",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "br",
        "p",
        "span",
        "h1",
        "h2",
        "h3",
        "h4",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "div",
        "small",
        "sup",
        "sub",
    ]
)
ADDRESSES = ("href", "src", "background-url")
ALLOWED_ADDRESS = re.compile(r"^(https?://|mailto:|tel:|#|\{\{)", re.IGNORECASE)
STYLE_TRAPS = re.compile(r"url\s*\(|expression|@import|javascript:|</", re.IGNORECASE)

LINK_TOKENS = frozenset({"link", "link.main", "link.flyer"})
PLACED = frozenset({"partner_logo", "preheader", "subject"})

LARGEST = 100_000
TOO_LARGE = "makes a mail of {} KB: Gmail hides what comes after 102 KB, and with it the link to unsubscribe"
ADDRESS_LENGTH = 100
"""How long what stands for a token is taken to be, at least: signed addresses are about that long."""

Problem = tuple[str, str]


def known_tokens(document: Document) -> set[str]:
    """Return every token that the body of this document may use."""
    email = document.email
    texts = email.texts if email is not None else {}
    return {
        *PARTNER_TOKENS,
        *BRAND_TOKENS,
        *MERGED,
        *LINK_TOKENS,
        *PLACED,
        *(name for name, variable in document.variables.items() if variable.type != "image"),
        *(f"text.{name}" for name in texts),
        *(f"image.{name}" for name in document.images),
    }


def words_tokens(document: Document) -> set[str]:
    """Return the tokens that a text of the brand may use: those that are words."""
    return {
        *PARTNER_TOKENS,
        *BRAND_TOKENS,
        *(name for name in MERGED if name.startswith("contact.")),
        *(name for name, variable in document.variables.items() if variable.type != "image"),
    }


def problems(document: Document) -> Iterator[Problem]:
    """Yield what is wrong with the e-mail of a document, with its path."""
    email = document.email
    if email is None:
        return
    yield from _tokens("email.mjml", email.mjml, known_tokens(document))
    reader = _Reader()
    reader.feed(email.mjml)
    reader.close()
    for sentence in dict.fromkeys(reader.found):
        yield "email.mjml", sentence
    words = words_tokens(document)
    named: dict[str, Texts] = {"subject": email.subject, "preheader": email.preheader}
    named |= {f"texts.{name}": texts for name, texts in email.texts.items()}
    for name, texts in named.items():
        for locale, text in texts.items():
            more = {f"text.{other}" for other in email.texts} if not name.startswith("texts.") else set()
            path = f"email.{name}" + (f".{locale}" if locale else "")
            yield from _tokens(path, text, words | more)
            yield from ((path, sentence) for sentence in outward.words_problems(text))
    for token in ("unsubscribe_url",):
        if token not in tokens_in(email.mjml):
            yield "email.mjml", f"needs {{{{{token}}}}}: nobody is mailed without a way out"
    if not reader.found:
        yield from _page_problems(email)


def _page_problems(email: EmailBody) -> Iterator[Problem]:
    try:
        page = compile_page(email.mjml, EVERYTHING)
    except ValueError as error:
        yield "email.mjml", f"is not MJML: {error}"
        return
    said = {f"text.{name}": texts for name, texts in email.texts.items()}
    said |= {"subject": email.subject, "preheader": email.preheader}
    more = sum(max([ADDRESS_LENGTH, *map(_length, said.get(token, {}).values())]) for token in tokens_in(page))
    size = len(page.encode()) + more
    if size > LARGEST:
        yield "email.mjml", TOO_LARGE.format(size // 1000)


def _length(text: str) -> int:
    return len(text.encode())


def _tokens(path: str, text: str, known: set[str]) -> Iterator[Problem]:
    for stray in strays_in(text):
        yield path, f"has braces that are no token, near {stray!r}"
    for token in dict.fromkeys(tokens_in(text)):
        if token not in known:
            yield path, f"does not know the token {{{{{token}}}}}"


def text_problems(document: Document, texts: dict[str, str]) -> dict[str, list[str]]:
    """Return what is wrong with the words that a kit says in an e-mail, by the name of the text."""
    words = words_tokens(document)
    found: dict[str, list[str]] = {}
    for name, text in texts.items():
        sentences = [sentence for _, sentence in _tokens(name, text, words)]
        sentences += outward.words_problems(text)
        if sentences:
            found[name] = sentences
    return found


def places_of(document: Document) -> frozenset[str]:
    """Return the names of the texts that have a place in an e-mail of this template."""
    email = document.email
    return frozenset() if email is None else frozenset({"subject", "preheader", *email.texts})


class _Reader(HTMLParser):
    """Looks at each tag and attribute of an MJML body."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.styles = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.styles += tag == "mj-style"
        if tag not in LAYOUT and tag not in WORDING:
            self.found.append(f"must not use the tag {tag}")
        for name, value in attrs:
            self._attribute(name, value or "")
        if tag == "mj-image":
            self._alternative(dict(attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self.styles -= tag == "mj-style"

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"must not declare {decl[:20]}")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"must not contain {data[:20]}")

    def unknown_decl(self, data: str) -> None:
        self.found.append(f"must not contain {data[:20]}")

    def handle_comment(self, data: str) -> None:
        if "[if" in data or "[endif" in data:
            self.found.append("must not contain conditional comments")
        self.found += outward.comment_problems(data)

    def handle_data(self, data: str) -> None:
        if "@import" in data or "javascript:" in data.lower():
            self.found.append("must not load styles or scripts")
        self.found += outward.style_problems(data) if self.styles > 0 else outward.words_problems(data)

    def _alternative(self, attrs: dict[str, str | None]) -> None:
        """Ask for what a picture says to who does not see it: many mail programs show none at first."""
        if "alt" not in attrs:
            self.found.append('must say what each mj-image shows, in its alt (alt="" if it only decorates)')
        elif "href" in attrs and not (attrs["alt"] or "").strip():
            self.found.append("must say in the alt of an mj-image with a link where it leads")

    def _attribute(self, name: str, value: str) -> None:
        if name.startswith("on"):
            self.found.append(f"must not use the attribute {name}")
        if name in ADDRESSES and not ALLOWED_ADDRESS.match(value.strip()):
            self.found.append(f"must not lead to {value[:60]!r}")
        if name == "style" and STYLE_TRAPS.search(value):
            self.found.append("must not load anything from a style")
        self.found += outward.attribute_problems(name, value)
