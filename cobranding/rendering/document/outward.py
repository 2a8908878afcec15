"""What leads out of an e-mail: an address never tells who reads it, and a picture is one that we host."""

import re
from collections.abc import Collection, Iterator
from html.parser import HTMLParser

from cobranding.rendering.document.tokens import MERGED, TOKEN, tokens_in

WORDED = frozenset({"alt", "title", "aria-label"})
"""The attributes that are words, which may greet a recipient."""
PICTURES = frozenset({"src", "background-url"})
SAYINGS = frozenset({"subject", "preheader"})
INLINE = frozenset({"a", "b", "strong", "i", "em", "u", "span", "small", "sup", "sub"})
WAYS = frozenset({"unsubscribe_url", "view_url"})
OUR_PICTURE = re.compile(r"\{\{\s*(?:image\.[a-z0-9_]+|partner_logo)\s*\}\}", re.IGNORECASE)
UNWANTED = frozenset(
    [
        "action",
        "archive",
        "background",
        "cite",
        "classid",
        "codebase",
        "data",
        "dynsrc",
        "formaction",
        "longdesc",
        "lowsrc",
        "manifest",
        "ping",
        "poster",
        "profile",
        "srcdoc",
        "srcset",
        "usemap",
        "xlink:href",
    ]
)
"""Attributes that lead somewhere, and that no e-mail needs."""
LOADS = re.compile(r"\b(?:url|src|image|image-set|cross-fade)\s*\(|@import|\\", re.IGNORECASE)
URL_IN_STYLE = re.compile(r"\burl\(([^()]*)\)", re.IGNORECASE)
ADDRESS_IN_WORDS = re.compile(r"://|www\.|\w\.[a-z]{2,24}[/?#:]", re.IGNORECASE)
LEADS = "://"
EARLY_END = (">", "->")

NO_RECIPIENT = "must not put what is known of a recipient into an address: {}"


def personal(text: str) -> list[str]:
    """Return the tokens of a text that a recipient's data may come through, also by way of a text of the brand."""
    return [token for token in tokens_in(text) if token in MERGED or token.startswith("text.") or token in SAYINGS]


def attribute_problems(name: str, value: str) -> Iterator[str]:
    """Yield what is wrong with an attribute of a template."""
    if name in UNWANTED:
        yield f"must not use the attribute {name}"
    if name in PICTURES and not OUR_PICTURE.fullmatch(value.strip()):
        yield f"must show a picture of the template or {{{{partner_logo}}}}, not {value[:60]!r}"
    if name in WORDED:
        return
    if personal(value) and not (name == "href" and _is_way(value)):
        yield NO_RECIPIENT.format(f"{name} has {{{{{personal(value)[0]}}}}}")
    if name != "href" and LOADS.search(value):
        yield "must not load anything from a style"


def style_problems(style: str) -> Iterator[str]:
    """Yield what is wrong with the styles of a template."""
    if personal(style):
        yield NO_RECIPIENT.format(f"a style has {{{{{personal(style)[0]}}}}}")
    if LOADS.search(style):
        yield "must not load anything from a style"


def comment_problems(comment: str) -> Iterator[str]:
    """Yield what is wrong with a comment, which some programs take to end earlier than others do."""
    if comment.startswith(EARLY_END) or "--!>" in comment:
        yield "must not contain a comment that ends twice"
    if personal(comment):
        yield NO_RECIPIENT.format(f"a comment has {{{{{personal(comment)[0]}}}}}")


def words_problems(text: str) -> Iterator[str]:
    """Yield each token of a contact that would become a part of an address in plain words."""
    for word in TOKEN.sub(_in_words, text).split():
        at = word.find("{{contact.")
        if at >= 0 and ADDRESS_IN_WORDS.search(word):
            yield NO_RECIPIENT.format(word[at : at + 40].partition("}}")[0] + "}}")


def page_problems(page: str, pictures: Collection[str]) -> list[str]:
    """Return what a finished page would tell others: `pictures` are the addresses that it may load."""
    reader = _PageReader(pictures)
    reader.feed(page)
    reader.close()
    return list(dict.fromkeys([*reader.found, *words_problems("".join(reader.words))]))


def _is_way(value: str) -> bool:
    found = TOKEN.fullmatch(value.strip())
    return found is not None and found[1] in WAYS


def _in_words(match: re.Match[str]) -> str:
    token = match[1]
    if token.startswith("contact."):
        return f"{{{{{token}}}}}"
    return LEADS if token.endswith((".web", "_url")) or token.partition(".")[0] == "link" else "_"


class _PageReader(HTMLParser):
    """Looks at a page in which only the recipient's tokens are left."""

    def __init__(self, pictures: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.pictures = {"", *pictures}
        self.found: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in INLINE:
            self.words.append(" ")
        for name, given in attrs:
            value = given or ""
            if name in {"src", "background"}:
                if value not in self.pictures:
                    self.found.append(f"must not load the picture {value[:60]!r}")
            elif name in UNWANTED:
                self.found.append(f"must not use the attribute {name}")
            elif name == "href":
                self._link(value)
            elif name not in WORDED:
                self._style(value)

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem:
            self._style(data)
        else:
            self.words.append(data)

    def handle_comment(self, data: str) -> None:
        if data.startswith(EARLY_END) and not data.startswith("><!"):
            self.found.append("must not contain a comment that ends twice")
        self._told(data)

    def _link(self, value: str) -> None:
        if not _is_way(value):
            self._told(value)

    def _style(self, value: str) -> None:
        self._told(value)
        rest = URL_IN_STYLE.sub(lambda found: "" if found[1].strip(" \"'") in self.pictures else found[0], value)
        if LOADS.search(rest):
            self.found.append("must not load anything from a style")

    def _told(self, value: str) -> None:
        for token in tokens_in(value):
            if not token.startswith("link:"):
                self.found.append(NO_RECIPIENT.format(f"{{{{{token}}}}}"))
