"""Program: a PDF on standard input, its first page as PNG on standard output. Argument: longest side in pixels."""

import io
import sys

import pypdfium2


def main() -> None:
    """Draw the first page so that its longest side has the given pixels."""
    longest_px = int(sys.argv[1])
    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    page = document[0]
    scale = longest_px / max(page.get_width(), page.get_height(), 1.0)
    picture = io.BytesIO()
    page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB").save(picture, "PNG")
    sys.stdout.buffer.write(picture.getvalue())


if __name__ == "__main__":
    main()
