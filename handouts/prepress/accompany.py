"""What goes to the print shop beside a file: cover and inside by themselves, and the job ticket."""

from __future__ import annotations

from pathlib import PurePosixPath

from handouts.document import Document
from handouts.material import Material
from handouts.prepress.covers import cover_and_inside, only
from handouts.prepress.deliver import delivered
from handouts.prepress.icc import read_press
from handouts.prepress.ticket import as_page, as_text, ticket_of
from handouts.project import Project


def accompanying(
    project: Project, pdf: bytes, made: bytes, document: Document, material: Material, paper: str, name: str, pages: int
) -> dict[str, bytes]:
    """The files that the profile wants beside a product, by their paths in the output folder.

    `pdf` is the product before it was made into what the profile asks for, `made` after that; `name` is its path.
    """
    profile, beside = material.profile, {}
    cover, inside = cover_and_inside(pages)
    if profile.separate_cover and document.format.covers and inside:
        for part, numbers in (("cover", cover), ("inside", inside)):
            own = _beside(name, f"{part}.pdf")
            beside[own] = delivered(project, only(pdf, numbers), material, paper, own, document.revision)
    if profile.ticket:
        ticket = ticket_of(document, material, paper, {name: made, **beside}, read_press(project, profile.icc))
        beside |= {
            _beside(name, "ticket.txt"): as_text(ticket),
            _beside(name, "ticket.pdf"): as_page(project, ticket, material, paper),
        }
    return beside


def _beside(name: str, ending: str) -> str:
    return str(PurePosixPath(name).with_suffix(f".{ending}"))
