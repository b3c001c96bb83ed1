"""Ways to spoil a sheet of ours for a print shop: each function here makes one fault in an open PDF, and no other."""

from __future__ import annotations

import pikepdf
from paint import Edit, Instruction, Paint
from pikepdf import Array, Operator
from plates import labelled

# A free place in the left margin of a one-pager, in points from the lower left corner of the trim.
LEFT, BASE = 12, 400
_DARK = [0.9, 0.5, 0.4, 0.3]


def drawn(drawing: str) -> Edit:
    """Something painted over the first page, in points from the lower left corner of its trim."""

    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].contents_add(b"q\n", prepend=True)
        pdf.pages[0].contents_add(f"\nQ\n{drawing}\n".encode())

    return edit


def colored(words: str, *inks: float) -> Edit:
    """A line of text in other inks."""

    def edit(pdf: pikepdf.Pdf) -> None:
        paint = Paint(pdf)
        text = paint.line(words)
        text.before = [([], Operator("q")), (list(inks), Operator("k"))]
        text.after = [([], Operator("Q"))]
        paint.write()

    return edit


def reversed_mark(words: str) -> Edit:
    """A line of text in white on a dark field, and the cite mark at its end too, which is small."""

    def edit(pdf: pikepdf.Pdf) -> None:
        paint = Paint(pdf)
        text = paint.line(words)
        left, base = text.place
        # Marks come after the line of text, but not at once.
        raised = [one for one in paint.texts if one.size < 8 and 0 < base - one.place[1] < 6 and one.place[0] > left]
        mark = min(raised, key=lambda one: one.place[0])
        right, _ = mark.place
        box = [edge / 0.75 for edge in (left - 2, base - 9, right - left + 8, 12)]
        white: list[Instruction] = [([], Operator("q")), ([0, 0, 0, 0], Operator("k"))]
        field = [([], Operator("q")), (_DARK, Operator("k")), (box, Operator("re")), ([], Operator("f"))]
        text.before, mark.before = [*field, ([], Operator("Q")), *white], white
        text.after = mark.after = [([], Operator("Q"))]
        paint.write()

    return edit


def narrow_bleed(pdf: pikepdf.Pdf) -> None:
    """A BleedBox of a sixteenth of an inch."""
    left, bottom, right, top = (float(edge) for edge in pdf.pages[0].trimbox)
    pdf.pages[0].obj.BleedBox = Array([left - 4.5, bottom - 4.5, right + 4.5, top + 4.5])


def labelled_without_press(pdf: pikepdf.Pdf) -> None:
    labelled()(pdf)
    del pdf.Root.OutputIntents
