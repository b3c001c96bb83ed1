"""A PDF of ours as evidence: what is printed beside what was meant."""

from __future__ import annotations

from dataclasses import dataclass

from handouts.document import Document
from handouts.material import Material
from handouts.preflight.evidence import Printed
from handouts.project import Project


@dataclass(frozen=True)
class Product:
    """A built PDF with the document and the material that it should be made of.

    `styles` are the texts of the document's style sheets.
    """

    printed: Printed
    document: Document
    material: Material
    styles: tuple[str, ...] = ()

    @classmethod
    def of(cls, project: Project, printed: Printed, document: Document, material: Material) -> Product:
        """The evidence, with what is to be read for it."""
        return cls(printed, document, material, tuple(map(project.text, document.styles)))

