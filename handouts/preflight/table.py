"""All checks of PDFs: those for any PDF, and those that hold one of ours against what it is made of."""

from __future__ import annotations

from handouts.findings import Finding
from handouts.preflight import (
    access,
    claims,
    codes,
    conservation,
    contrast,
    coverage,
    file,
    flow,
    fonts,
    links,
    output,
    pictures,
    placement,
    press,
    rules,
    sources,
    trimming,
    type,
    verapdf,
    wording,
)
from handouts.preflight.evidence import Printed
from handouts.preflight.product import Product
from handouts.preflight.rules import Rule
from handouts.profiles import SCREEN, Profile
from handouts.project import Project

# In the order of docs/preflight.md.
_MODULES = (
    *(sources, wording, rules, output, conservation, placement, type, fonts, pictures, contrast, coverage, codes),
    *(trimming, press, claims),
    *(access, flow, links, file, verapdf),
)
ANY = tuple(check for module in _MODULES for check in getattr(module, "ANY", ()))
# What is asked of a PDF that is read on a screen or aloud, and of none that is for a press alone.
READ = tuple(check for module in _MODULES for check in getattr(module, "READ", ()))
# What may be asked in another measure by what a PDF is made for.
BY_PROFILE = tuple(check for module in _MODULES for check in getattr(module, "BY_PROFILE", ()))
OURS = tuple(check for module in _MODULES for check in getattr(module, "OURS", ()))


def every_rule() -> dict[str, Rule]:
    """Every rule by its id."""
    found = (rule for module in _MODULES for rule in vars(module).values() if isinstance(rule, Rule))
    return {rule.id: rule for rule in found}


def judge_any(printed: Printed, profile: Profile | None = None) -> list[Finding]:
    """What is wrong with a PDF, whoever made it, for what it is made for: for that of a profile or, without one, for
    what it says of itself."""
    read = claims.is_read(printed) if profile is None else claims.asks_to_be_read(profile)
    found = [finding for check in (*ANY, *(READ if read else ())) for finding in check(printed)]
    return [*found, *(finding for check in BY_PROFILE for finding in check(printed, profile or SCREEN))]


def judge_product(project: Project, product: Product) -> list[Finding]:
    """All that can be said of one of ours: of the file, by what it should be, and of the words that it prints."""
    words = wording.for_document(project, product.material)
    return [*judge_any(product.printed, product.material.profile), *judge_ours(product), *words]


def judge_ours(product: Product) -> list[Finding]:
    """What is wrong with a PDF of ours, measured by what it should be; without what is wrong with any PDF."""
    return [finding for check in OURS for finding in check(product)]
