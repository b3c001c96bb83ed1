"""Pictures in a PDF, decoded and stored anew in other colors."""

from __future__ import annotations

import zlib

import pikepdf
from pikepdf import Array, Name

from handouts.prepress.gradients import own_space
from handouts.prepress.mixing import Mixer
from handouts.prepress.spaces import COMPONENTS, Space, Strange, read_space

_SPACES = {"L": "/DeviceGray", "CMYK": "/DeviceCMYK"}


def mix_picture(picture: pikepdf.Object, named: pikepdf.Object | None, mixer: Mixer) -> None:
    """Give an image the colors of a mixer; one that has no color becomes grey in any, which a press prints with black
    alone. Stencils, and what is in its space, stay as they are. Raises Strange, Undeclared."""
    if picture.get("/ImageMask", False):
        return
    if "/ColorSpace" not in picture:
        raise Strange("a picture of the kind JPEG 2000")
    space = read_space(picture.ColorSpace, named)
    if space in (own_space(mixer), Space("grey")):
        picture.ColorSpace = Name(mixer.space if space.kind == "cmyk" else "/DeviceGray")
        return
    if isinstance(picture.get("/Mask"), Array):
        raise Strange("a picture with a color that is left out")
    if space.kind == "indexed":
        return _mix_table(picture, space, mixer)
    seen = pikepdf.PdfImage(picture).as_pil_image()
    if seen.mode == "CMYK":
        seen = seen.convert("RGB")
    made = mixer.of_picture(seen if seen.mode == "L" else seen.convert("RGB"))
    if "/SMask" in picture and "/Matte" in picture.SMask:
        matte = space.mixed([float(value) for value in picture.SMask.Matte], mixer)
        picture.SMask.Matte = Array([round(value, 5) for value in (matte if made.mode == "CMYK" else matte[-1:])])
    picture.write(zlib.compress(made.tobytes(), 9), filter=Name.FlateDecode)
    picture.ColorSpace, picture.BitsPerComponent = Name(_SPACES[made.mode]), 8
    for key in ("/Decode", "/Intent"):
        if key in picture:
            del picture[key]


def _mix_table(picture: pikepdf.Object, space: Space, mixer: Mixer) -> None:
    """Only the table of an indexed picture changes: each of its colors is one to be declared."""
    count = len(space.table) // COMPONENTS[space.base.kind]
    table = bytes(round(255 * value) for index in range(count) for value in space.mixed([index], mixer))
    picture.ColorSpace = Array([Name.Indexed, Name(mixer.space), count - 1, pikepdf.String(table)])
