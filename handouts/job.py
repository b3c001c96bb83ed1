"""What one PDF is made of besides the files: a job, and the edition of it that one row of a spreadsheet asks for.

*Why no models of pydantic:* a command that finds everything fresh, and a merge of thousands, should not wait for it.
"""

from __future__ import annotations

from dataclasses import dataclass

# The keys of a brand that a row may set; an empty cell leaves the brand's own.
BRAND_KEYS = (
    "organization",
    "unit",
    "phone",
    "email",
    "address",
    "url",
    "call_to_action",
    "notice",
    "logo",
    "color",
    "accent",
)
EVENT_KEYS = ("event", "date", "booth")


@dataclass(frozen=True)
class Edition:
    """One audience's variant: a row of a spreadsheet, checked.

    `brand` holds the brand's keys that the row sets, in the order of BRAND_KEYS; a logo is named by its path beside the
    spreadsheet ("beside/logos/north.svg"), colors are "#rrggbb". `event` holds EVENT_KEYS likewise, and is empty where
    the row says nothing of the occasion, which is then the project's own.
    """

    id: str
    brand: tuple[tuple[str, str], ...] = ()
    event: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Job:
    """Everything one PDF depends on besides the files: small, frozen, picklable.

    `beside` is the folder of the spreadsheet that an edition's logos are looked for in, empty where there is none.
    `profiles` are folders of `styles/profiles`, each applied on top of the one before; none is for the screen.
    `wishes` are keys of a profile with what a command sets in their place ("marks", "true").
    """

    root: str
    format: str
    subject: str = ""
    paper: str = "letter"
    brand: str = "default"
    language: str = "en"
    output: str = "output"
    edition: Edition | None = None
    beside: str = ""
    profiles: tuple[str, ...] = ()
    wishes: tuple[tuple[str, str], ...] = ()
