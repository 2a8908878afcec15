"""Program: a cleaned SVG on standard input, a PNG on standard output. Arguments: width and height in pixels."""

import sys

import resvg_py


def main() -> None:
    """Draw with the given font files only; nothing is read from the machine."""
    width_px, height_px, *fonts = sys.argv[1:]
    drawn = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        width=int(width_px),
        height=int(height_px),
        skip_system_fonts=True,
        font_files=fonts or None,
        font_family="Inter",
        sans_serif_family="Inter",
        serif_family="Inter",
        monospace_family="Inter",
    )
    sys.stdout.buffer.write(bytes(drawn))


if __name__ == "__main__":
    main()
