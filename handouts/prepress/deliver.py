"""A finished PDF made into what its profile asks for: boxes and marks, colors, viewer preferences, claims."""

from __future__ import annotations

from io import BytesIO

import pikepdf

from handouts.finishing.saving import saved
from handouts.material import Material
from handouts.prepress.colors import color
from handouts.prepress.icc import read_press
from handouts.prepress.intent import claim
from handouts.prepress.marks import frame
from handouts.prepress.viewer import set_viewer
from handouts.profiles import SCREEN
from handouts.project import Project


def delivered(
    project: Project, pdf: bytes, material: Material, paper: str, name: str = "", revision: str = ""
) -> bytes:
    """The PDF for its profile: the same bytes for the screen. `name` and `revision` stand beside its marks.

    Raises Findings for what the profile asks and cannot be done; they name no file, as they are of the product."""
    profile = material.profile
    if profile == SCREEN:
        return pdf
    press = read_press(project, profile.icc)
    with pikepdf.open(BytesIO(pdf)) as document:
        # Each step changes the document; its order is that of this list.
        frame(document, project, material, paper, name, revision)
        color(document, project, material, press)
        version = claim(document, material, press)
        set_viewer(document, profile)
        return saved(document, force_version=version)
