"""What a viewer's print dialog begins with: the size as it is, and one side of the paper or both."""

from __future__ import annotations

import pikepdf
from pikepdf import Dictionary, Name

from handouts.profiles import Profile

# ISO 32000-1, table 150.
_DUPLEX = {"long": Name.DuplexFlipLongEdge, "short": Name.DuplexFlipShortEdge}


def set_viewer(document: pikepdf.Pdf, profile: Profile) -> None:
    """Write what a profile wishes of the print dialog, beside the preferences that the document has.

    *Why one page is printed on one side:* a printer that is told of two would draw in a sheet to turn it, and some keep
    the flag for the next job.
    """
    wishes: dict[str, Name] = {}
    if profile.unscaled:
        wishes["/PrintScaling"] = Name("/None")
    if profile.duplex:
        wishes["/Duplex"] = _DUPLEX[profile.duplex] if len(document.pages) > 1 else Name.Simplex
    if wishes:
        known = document.Root.get("/ViewerPreferences", Dictionary())
        document.Root.ViewerPreferences = Dictionary({**dict(known.items()), **wishes})
