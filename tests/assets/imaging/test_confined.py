import pytest
from PIL import Image

from assets.imaging import confined, errors
from assets.imaging.accept import accept
from assets.imaging.limits import LOGO

# Cheap to read, dear to draw: a pattern within a pattern within a pattern, blurred.
SLOW = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><filter id="f">'
    + '<feTurbulence baseFrequency="0.9" numOctaves="9"/><feGaussianBlur stdDeviation="40"/>' * 60
    + '</filter><rect width="100" height="100" filter="url(#f)"/></svg>'
).encode()


def test_a_drawing_that_takes_too_long_is_stopped_and_refused(monkeypatch):
    monkeypatch.setattr(confined, "CPU_S", 1)
    with pytest.raises(errors.DrawingTooComplex):
        accept(SLOW, "logo.svg", LOGO)


def test_an_engine_that_wants_too_much_memory_is_stopped(monkeypatch):
    monkeypatch.setattr(confined, "MEMORY_BYTES", 150_000_000)
    with pytest.raises(confined.Unfinished):
        confined.draw("svg", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>', "9000", "9000")


def test_a_picture_of_the_machine_is_out_of_the_engines_reach_even_if_the_cleaning_failed(tmp_path):
    secret = tmp_path / "secret.png"
    Image.new("RGB", (9, 9), (255, 0, 0)).save(secret)
    begin, end = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">', "</svg>"
    curious = f'{begin}<image href="{secret}" width="9" height="9"/>{end}'
    assert confined.draw("svg", curious.encode(), "9", "9") == confined.draw("svg", f"{begin}{end}".encode(), "9", "9")
