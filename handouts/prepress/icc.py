"""The print shop's color profile: read, judged, and asked what inks a color takes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms

from handouts.color import Color
from handouts.findings import Finding, Findings
from handouts.project import Project, read_named

_ASK = "ask the print shop for the ICC profile of its press and paper"
_CLASSES = {"scnr": "a scanner", "mntr": "a screen", "link": "one device seen by another", "abst": "no device"}
_SPACES = {"RGB": "red, green and blue", "GRAY": "greys", "LAB": "measured colors"}


@dataclass(frozen=True)
class Press:
    """A press on one kind of paper, by its ICC profile. `name` is what the profile calls it."""

    data: bytes
    name: str

    def of_colors(self, colors: Sequence[Color]) -> list[tuple[float, ...]]:
        """The four inks, 0 to 1, that show each color of sRGB, relative to the paper and to the blackest black."""
        row = Image.new("RGB", (len(colors), 1))
        row.putdata(colors)
        data = ImageCms.applyTransform(row, _transform(self.data)).tobytes()
        return [tuple(value / 255 for value in data[at : at + 4]) for at in range(0, len(data), 4)]


@lru_cache(maxsize=4)
def _transform(data: bytes) -> Any:
    return ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"),
        ImageCms.ImageCmsProfile(BytesIO(data)),
        "RGB",
        "CMYK",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def read_press(project: Project, name: str) -> Press | None:
    """The press of a profile's `icc`: a path in the project, or one from the machine's root, as a command names it.

    None where no file is named. Raises Findings for a file that is missing, or is no profile of a four-color press.
    """
    if not name:
        return None
    if not Path(name).is_absolute():
        return _judged(name, project.read(name))
    data = read_named(Path(name))
    # A question that the project cannot answer again: what was made with a file from elsewhere is made anew each time.
    project.reads.note(f"read ../{Path(name).name}", hashlib.sha256(data).hexdigest())
    return _judged(name, data)


def _judged(file: str, data: bytes) -> Press:
    try:
        told = ImageCms.ImageCmsProfile(BytesIO(data)).profile
    except OSError as error:
        raise Findings([Finding(file, 0, "is no ICC color profile", _ASK, id="intent-missing")]) from error
    space, kind = told.xcolor_space.strip(), told.device_class.strip()
    if space != "CMYK":
        message = f"is a color profile for {_SPACES.get(space, space)}, not for the four inks of a press"
        raise Findings([Finding(file, 0, message, _ASK, id="intent-missing")])
    if kind != "prtr":
        message = f"is a color profile of {_CLASSES.get(kind, kind)}, not of a press"
        raise Findings([Finding(file, 0, message, _ASK, id="intent-missing")])
    press = Press(data, (told.profile_description or "").strip())
    try:
        _transform(data)
    except ImageCms.PyCMSError as error:
        message = "is a color profile that does not say which inks a color takes"
        raise Findings([Finding(file, 0, message, _ASK, id="intent-missing")]) from error
    return press
