"""All checks of PDFs: those for any PDF, and those that hold one of ours against what it is made of."""

from __future__ import annotations

from handouts.findings import Finding
from handouts.preflight import (
    access,
    codes,
    conservation,
    contrast,
    file,
    flow,
    fonts,
    links,
    output,
    pictures,
    placement,
    rules,
    sources,
    type,
    verapdf,
    wording,
)
from handouts.preflight.evidence import Printed
from handouts.preflight.product import Product
from handouts.preflight.rules import Rule
from handouts.project import Project

# In the order of docs/preflight.md.
_MODULES = (
    *(sources, wording, rules, output, conservation, placement, type, fonts, pictures, contrast, codes),
    *(access, flow, links, file, verapdf),
)
ANY = tuple(check for module in _MODULES for check in getattr(module, "ANY", ()))
OURS = tuple(check for module in _MODULES for check in getattr(module, "OURS", ()))


def every_rule() -> dict[str, Rule]:
    """Every rule by its id."""
    found = (rule for module in _MODULES for rule in vars(module).values() if isinstance(rule, Rule))
    return {rule.id: rule for rule in found}


def judge_any(printed: Printed) -> list[Finding]:
    """What is wrong with a PDF, whoever made it."""
    return [finding for check in ANY for finding in check(printed)]


def judge_product(project: Project, product: Product) -> list[Finding]:
    """All that can be said of one of ours: of the file, by what it should be, and of the words that it prints."""
    words = wording.for_document(project, product.material)
    return [*judge_any(product.printed), *judge_ours(product), *words]


def judge_ours(product: Product) -> list[Finding]:
    """What is wrong with a PDF of ours, measured by what it should be; without what is wrong with any PDF."""
    return [finding for check in OURS for finding in check(product)]
