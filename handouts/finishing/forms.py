"""A page of a PDF as a form that any other page may paint."""

from __future__ import annotations

from io import BytesIO

import pikepdf


def as_form(pdf: bytes, width: float, height: float) -> tuple[tuple[str, bytes], ...]:
    """The upper left corner of a PDF's first page, `width` by `height` in points, as a form of one unit a side.

    Each object is the source of a dictionary without its brackets and length, and the data of its stream; the form is
    the first, and references are written "@1 0 R" by their place. What is no stream stands where it is named.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        page = document.pages[0]
        top = float(page.mediabox[3])
        streams: dict[tuple[int, int], int] = {}
        objects: list[tuple[str, bytes] | None] = [None]

        def source(obj: object) -> str:
            """An object as source, its streams entered as objects."""
            if isinstance(obj, pikepdf.Stream):
                if obj.objgen not in streams:
                    streams[obj.objgen] = len(objects)
                    objects.append(None)
                    objects[streams[obj.objgen]] = (inner(obj, ("/Length",)), obj.read_raw_bytes())
                return f"@{streams[obj.objgen]} 0 R"
            if isinstance(obj, pikepdf.Dictionary):
                return f"<< {inner(obj, ())}>>"
            if isinstance(obj, pikepdf.Array):
                return f"[ {' '.join(source(item) for item in obj)} ]"
            if isinstance(obj, pikepdf.Object):
                return obj.unparse(resolved=True).decode("latin-1")
            return pikepdf.Array([obj]).unparse().decode("latin-1").strip("[] ")

        def inner(obj: pikepdf.Object, without: tuple[str, ...]) -> str:
            return "".join(f"{key} {source(value)} " for key, value in obj.items() if key not in without)

        matrix = f"{1 / width:.8f} 0 0 {1 / height:.8f} 0 {-(top - height) / height:.8f}"
        head = (
            f"/Type /XObject /Subtype /Form /BBox [ 0 {top - height:.6f} {width:.6f} {top:.6f} ] /Matrix [ {matrix} ] "
            f"/Resources << {inner(page.obj.Resources, ())}>> "
        )
        objects[0] = (head, page.obj.Contents.read_bytes())
        return tuple(one for one in objects if one is not None)
