"""Decode a picture safely into upright sRGB pixels, and write pixels without anything else of the file."""

import io
import warnings
from dataclasses import replace

from PIL import Image, ImageCms, ImageOps

from assets.imaging.errors import FileBroken, TooManyPixels
from assets.imaging.header import announced_size
from assets.imaging.limits import Limits, check_pixels
from assets.imaging.sniff import FileType

_FORMATS = {FileType.PNG: "PNG", FileType.JPEG: "JPEG", FileType.WEBP: "WEBP"}
_SRGB = ImageCms.createProfile("sRGB")
MAX_PROFILE_BYTES = 4_000_000
MAX_OPTIMIZED_PIXELS = 12_000_000  # saves a twentieth of the bytes, and takes six bytes of memory for each pixel


def decode(data: bytes, file_type: FileType, limits: Limits) -> Image.Image:
    """Decode to RGB or RGBA pixels in sRGB, turned upright, first frame only.

    Raises FileBroken, TooManyPixels.
    """
    if file_type is FileType.WEBP:  # its decoder holds the picture twice more than the others
        limits = replace(limits, max_pixels=limits.max_pixels // 2)
    check_pixels(*announced_size(data, file_type), limits)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.filterwarnings("ignore", category=UserWarning)  # odd EXIF, truncated metadata: dropped anyway
            with Image.open(io.BytesIO(data), formats=[_FORMATS[file_type]]) as opened:
                check_pixels(*opened.size, limits)
                opened.seek(0)
                opened.load()
                ImageOps.exif_transpose(opened, in_place=True)  # a copy of forty megapixels takes 160 MB
                return _to_srgb(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise TooManyPixels from problem
    except TooManyPixels:
        raise
    except (
        Exception
    ) as problem:  # decoders raise anything on hostile bytes: OSError, SyntaxError, struct.error, KeyError
        raise FileBroken from problem


def _to_srgb(picture: Image.Image) -> Image.Image:
    """Convert by the embedded colour profile where there is a usable one, plainly otherwise.

    A CMYK JPEG without a profile is what prepress tools write by habit; Adobe's stores its inks inverted, which Pillow
    already undoes when it reads the marker.
    """
    has_alpha = picture.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in picture.info
    target = "RGBA" if has_alpha else "RGB"
    profile = picture.info.get("icc_profile")
    if picture.mode in {"I;16", "I;16B", "I;16L", "I", "F"}:
        picture = picture.convert("I").point(lambda level: level / 256).convert("L")
    if isinstance(profile, bytes) and 128 < len(profile) <= MAX_PROFILE_BYTES and picture.mode in {"RGB", "CMYK", "L"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, _SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None and target == "RGB":
            return _bare(converted)
    return _bare(picture if picture.mode == target else picture.convert(target))


def _bare(picture: Image.Image) -> Image.Image:
    """Leave nothing but pixels: no EXIF, profile, text or comment travels further."""
    picture.info = {}
    return picture


def write_png(picture: Image.Image) -> bytes:
    """Write pixels as PNG."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def write_jpeg(picture: Image.Image, *, quality: int = 92) -> bytes:
    """Write opaque pixels as JPEG with full colour resolution (logos and type suffer from halved colour)."""
    buffer = io.BytesIO()
    plain = picture if picture.mode == "RGB" else picture.convert("RGB")  # converting to the same mode is a copy
    small = plain.width * plain.height <= MAX_OPTIMIZED_PIXELS
    plain.save(buffer, "JPEG", quality=quality, subsampling=0, optimize=small)
    return buffer.getvalue()


def drop_opaque_alpha(picture: Image.Image) -> Image.Image:
    """Turn RGBA without any transparency into RGB."""
    if picture.mode != "RGBA":
        return picture
    darkest, _ = picture.getchannel("A").getextrema()
    return picture.convert("RGB") if darkest == 255 else picture
