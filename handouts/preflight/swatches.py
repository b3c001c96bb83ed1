"""How much ink the pixels of a picture take: the heaviest color that more than a speck of it has."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
from PIL import Image, ImageMath

from handouts.preflight.spaces import Inks, Space

# The share of a picture's pixels that is no speck, such as the noise that compression leaves at an edge.
_SPECK = 0.001


def heaviest(image: Any, space: Space) -> Inks | None:
    """The inks of the heaviest pixels, as far as they are seen; None where they cannot be told, or are no inks."""
    if space.table and space.under:
        return _of_table(image, space)
    if space.family == "grey":
        return 0.0, 0.0, 0.0, 1.0
    if space.family != "cmyk":
        return None
    pixels = _pixels(image)
    if pixels is None:
        return None
    if hidden := _unseen(image, pixels.size):
        pixels.paste((0, 0, 0, 0), mask=hidden)
    plates = pixels.split()
    names = dict(zip("cmyk", (plate.convert("I") for plate in plates), strict=True))
    total = ImageMath.lambda_eval(lambda plate: plate["c"] + plate["m"] + plate["y"] + plate["k"], **names)
    # In steps of four, so that one count of 256 holds them all.
    counts = ImageMath.lambda_eval(lambda held: held["total"] / 4, total=total).convert("L").histogram()
    least, seen = max(1, int(_SPECK * pixels.width * pixels.height)), 0
    for step in range(255, -1, -1):
        seen += counts[step]
        if seen >= least:
            heavy = ImageMath.lambda_eval(
                lambda held, step=step: (held["total"] >= 4 * step) * (held["total"] < 4 * step + 4) * 255, total=total
            )
            return _mean(plates, heavy.convert("L"))
    return None


def _mean(plates: tuple[Image.Image, ...], where: Image.Image) -> Inks:
    """The mean of each ink at some pixels."""
    sums = []
    for plate in plates:
        counts = plate.histogram(where)
        sums.append(sum(step * count for step, count in enumerate(counts)) / max(1, sum(counts)) / 255)
    return sums[0], sums[1], sums[2], sums[3]


def _of_table(image: Any, space: Space) -> Inks | None:
    """The heaviest of the table's colors that a picture uses, or, where its pixels are packed, that it might use."""
    used = set(image.read_bytes()) if _entry(image, "/BitsPerComponent", "/BPC") == 8 else range(256)
    known = [inks for index in used if (inks := space.inks([index]))]
    return max(known, key=sum, default=None)


def _pixels(image: Any) -> Image.Image | None:
    """The pixels of a CMYK picture as amounts of ink; None of one that is packed in another way."""
    size = int(_entry(image, "/Width", "/W") or 0), int(_entry(image, "/Height", "/H") or 0)
    limits = [float(edge) for edge in _entry(image, "/Decode", "/D") or ()]
    turned = bool(limits) and limits[0] > limits[1]
    kinds = _entry(image, "/Filter", "/F")
    kinds = [kinds] if isinstance(kinds, pikepdf.Name) else list(kinds or ())
    if kinds == ["/DCTDecode"]:
        with Image.open(BytesIO(image.read_raw_bytes())) as found:
            # Pillow takes the numbers of a JPEG in CMYK as paper that is left, and turns them.
            return _turned(found) if found.mode == "CMYK" and not turned else found.convert("CMYK")
    if _entry(image, "/BitsPerComponent", "/BPC") != 8 or "/DCTDecode" in kinds or "/JPXDecode" in kinds:
        return None
    data = image.read_bytes()
    if len(data) < 4 * size[0] * size[1] or not size[0]:
        return None
    found = Image.frombytes("CMYK", size, data[: 4 * size[0] * size[1]])
    return _turned(found) if turned else found


def _turned(pixels: Image.Image) -> Image.Image:
    return pixels.point(lambda step: 255 - step)


def _unseen(image: Any, size: tuple[int, int]) -> Image.Image | None:
    """Where a soft mask hides a picture altogether; None where it has none that can be read."""
    mask = image.get("/SMask")
    if not isinstance(mask, pikepdf.Stream) or mask.get("/BitsPerComponent") != 8:
        return None
    own = int(mask.get("/Width", 0)), int(mask.get("/Height", 0))
    data = mask.read_bytes() if own[0] * own[1] and mask.get("/Filter") not in ("/DCTDecode", "/JPXDecode") else b""
    if not data or len(data) < own[0] * own[1]:
        return None
    seen = Image.frombytes("L", own, data[: own[0] * own[1]]).resize(size)
    return seen.point(lambda step: 255 if step == 0 else 0)


def _entry(image: Any, key: str, short: str) -> Any:
    """An entry of an image, which an inline one may write in short."""
    return image.get(key, image.get(short))
