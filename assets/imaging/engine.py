"""Program: draw or read a hostile file in a process of its own. Input on standard input, the answer on standard output.

Arguments: memory in bytes, processor time in seconds, then `svg` with width, height and font files, or `pdf` with the
longest side, sizes in pixels: a PNG; or `information` with the name of an entry of a PDF: its text. It bounds itself
before it reads anything, and imports nothing of ours.
"""

import io
import resource
import sys
from collections.abc import Callable


def bound(memory_bytes: int, cpu_s: int) -> None:
    """Give up memory, time and files beyond what a drawing needs."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def close_the_machine() -> None:
    """Open no file from here on: whatever a drawing names, it is not there."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def draw_svg(data: bytes, width_px: str, height_px: str, *fonts: str) -> bytes:
    """Draw a cleaned SVG with the given font files; without any, no file of the machine is in reach."""
    import resvg_py  # noqa: PLC0415 - after the bounds are set

    if not fonts:
        close_the_machine()
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=data.decode(),
            width=int(width_px),
            height=int(height_px),
            skip_system_fonts=True,
            font_files=list(fonts),
            font_family="Inter",
            sans_serif_family="Inter",
            serif_family="Inter",
            monospace_family="Inter",
        )
    )


def draw_pdf(data: bytes, longest_px: str) -> bytes:
    """Draw the first page of a PDF so that its longest side has the given pixels."""
    import pypdfium2  # noqa: PLC0415 - after the bounds are set
    from PIL import Image  # noqa: PLC0415 - the same

    Image.init()
    close_the_machine()
    page = pypdfium2.PdfDocument(data)[0]
    scale = int(longest_px) / max(page.get_width(), page.get_height(), 1.0)
    picture = io.BytesIO()
    page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB").save(picture, "PNG")
    return picture.getvalue()


def read_information(data: bytes, name: str) -> bytes:
    """Return an entry of the information of a PDF, or nothing where it has none."""
    import pikepdf  # noqa: PLC0415 - after the bounds are set

    close_the_machine()
    with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
        entry = pdf.trailer.get("/Info", pikepdf.Dictionary()).get(f"/{name}")
        return str(entry).encode() if isinstance(entry, pikepdf.String) else b""


def main() -> None:
    """Bound, read, answer."""
    memory_bytes, cpu_s, kind, *arguments = sys.argv[1:]
    bound(int(memory_bytes), int(cpu_s))
    engines: dict[str, Callable[..., bytes]] = {"svg": draw_svg, "pdf": draw_pdf, "information": read_information}
    sys.stdout.buffer.write(engines[kind](sys.stdin.buffer.read(), *arguments))


if __name__ == "__main__":
    main()
