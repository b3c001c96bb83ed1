"""Logos as PDF objects, ready to be painted: a picture from its own bytes, a drawing by shapes or the layout engine."""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from handouts import ledger
from handouts.project import Project
from handouts.stamping.stamp import Logo

_SIGNATURE = 8
_GREY, _COLORS, _PALETTE = 0, 2, 3
_CHANNELS = {_GREY: 1, _COLORS: 3, _PALETTE: 1}


def read_logo(project: Project, path: str, store: Path) -> Logo:
    """A logo that passed `brands.check_logo`, by its project path. A drawing that takes the layout engine is kept in
    `store` under its hash."""
    data = project.read(path)
    return _logo(project, path, data, hashlib.sha256(data).hexdigest(), store)


@lru_cache(maxsize=16)
def _logo(project: Project, path: str, data: bytes, digest: str, store: Path) -> Logo:
    if data.startswith(b"\x89PNG"):
        return _picture(data, digest)
    from handouts.stamping.shapes import plain_drawing

    if drawing := plain_drawing(data):
        painted = zlib.compress(drawing.painted, 6)
        return Logo(digest, drawing.ratio, ((f"{drawing.head}/Filter /FlateDecode ", painted),))
    if (known := _kept(store / f"{digest}.logo", digest)) is not None:
        return known
    from handouts.finishing.forms import as_form
    from handouts.pdf import draw

    pdf, width, height = draw(project, path)
    logo = Logo(digest, width / height, as_form(pdf, width, height))
    head = json.dumps([digest, logo.ratio, [[source, len(stream)] for source, stream in logo.objects]]).encode()
    body = head + b"\n" + b"".join(stream for _, stream in logo.objects)
    ledger.store(store / f"{digest}.logo", body)
    return logo


def _kept(file: Path, digest: str) -> Logo | None:
    """A drawing that was made before; None for none, and for one that is damaged."""
    body = ledger.stored(file)
    if body is None:
        return None
    head, _, streams = body.partition(b"\n")
    name, ratio, parts = json.loads(head)
    objects, at = [], 0
    for source, length in parts:
        objects.append((source, streams[at : at + length]))
        at += length
    return Logo(name, ratio, tuple(objects)) if name == digest else None


def _picture(data: bytes, digest: str) -> Logo:
    """A PNG as an image: what is opaque goes in as it is, transparency as a mask of its own."""
    chunks = list(_chunks(data))
    parts = dict(chunks)
    width, height, depth, kind, _, _, laced = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    head = f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /Interpolate true /Filter /FlateDecode "
    if kind in _CHANNELS and not laced and b"tRNS" not in parts:
        space = {_GREY: "/DeviceGray", _COLORS: "/DeviceRGB"}.get(kind)
        if space is None:
            table = parts[b"PLTE"]
            space = f"[ /Indexed /DeviceRGB {len(table) // 3 - 1} <{table.hex()}> ]"
        shape = f"/Colors {_CHANNELS[kind]} /BitsPerComponent {depth} /Columns {width}"
        head += f"/DecodeParms << /Predictor 15 {shape} >> "
        pixels = b"".join(part for name, part in chunks if name == b"IDAT")
        return Logo(digest, width / height, ((f"{head}/ColorSpace {space} /BitsPerComponent {depth} ", pixels),))
    from PIL import Image

    with Image.open(BytesIO(data)) as image:
        layers = image.convert("RGBA")
    colors, mask = layers.convert("RGB").tobytes(), layers.getchannel("A").tobytes()
    return Logo(
        digest,
        width / height,
        (
            (f"{head}/ColorSpace /DeviceRGB /BitsPerComponent 8 /SMask @1 0 R ", zlib.compress(colors, 6)),
            (f"{head}/ColorSpace /DeviceGray /BitsPerComponent 8 ", zlib.compress(mask, 6)),
        ),
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The parts of a PNG, by name (https://www.w3.org/TR/png-3/#5Chunk-layout)."""
    at = _SIGNATURE
    while at + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        yield name, data[at + 8 : at + 8 + length]
        at += 12 + length
