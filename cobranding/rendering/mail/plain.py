"""The plain text that stands beside the HTML: the words of an MJML body, in paragraphs, links in brackets."""

import html as markup
import re
from html.parser import HTMLParser

OWN_LINKS = ("{{unsubscribe_url}}", "{{view_url}}", "mailto:", "tel:", "#")
"""What is not counted: sending puts these in for each recipient, or no page stands behind them."""
BLANKS = re.compile(r"\n{2,}")


def plain_text(source: str, links: list[str]) -> str:
    """Return the words of a body; addresses are numbered in `links`, to which new ones are added."""
    reader = _PlainReader(links)
    reader.feed(source)
    reader.close()
    return reader.text()


class _PlainReader(HTMLParser):
    """Reads the words out of an MJML body: the plain text that stands beside the HTML."""

    BLOCKS = frozenset(
        [
            "mj-text",
            "mj-button",
            "mj-image",
            "mj-section",
            "mj-divider",
            "p",
            "div",
            "h1",
            "h2",
            "h3",
            "h4",
            "ul",
            "ol",
            "table",
            "tr",
        ]
    )
    UNREAD = frozenset(("mj-head", "mj-raw"))

    def __init__(self, links: list[str]) -> None:
        super().__init__(convert_charrefs=False)
        self.links = links
        self.parts: list[str] = []
        self.unread = 0
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unread += tag in self.UNREAD
        if tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag in self.BLOCKS:
            self.parts.append("\n\n")
        if tag in ("a", "mj-button"):
            self.addresses.append(self._numbered(dict(attrs).get("href") or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.unread -= tag in self.UNREAD
        if tag in ("a", "mj-button") and self.addresses:
            address = self.addresses.pop()
            if address:
                self.parts.append(f": {address}" if tag == "mj-button" else f" ({address})")
        if tag in self.BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.parts.append(re.sub(r"\s+", " ", data) if data.strip() else " ")

    def handle_entityref(self, name: str) -> None:
        self._character(markup.unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self._character(markup.unescape(f"&#{name};"))

    def _character(self, character: str) -> None:
        """Put one escaped character; never two braces in a row, which would read as a token."""
        if self.unread:
            return
        if character in "{}" and self.parts and self.parts[-1] == character:
            self.parts.append(" ")
        self.parts.append(" " if character == "\xa0" else character)

    def _numbered(self, address: str) -> str:
        if not address or address.startswith(OWN_LINKS):
            return address.removeprefix("mailto:").removeprefix("tel:")
        if address not in self.links:
            self.links.append(address)
        return f"{{{{link:{self.links.index(address)}}}}}"

    def text(self) -> str:
        """Return the words in paragraphs, each line trimmed."""
        lines = "\n".join(" ".join(line.split()) for line in "".join(self.parts).split("\n"))
        return BLANKS.sub("\n\n", lines).strip() + "\n"
