"""A changed PDF as bytes."""

from __future__ import annotations

from io import BytesIO

import pikepdf
from pikepdf import ObjectStreamMode


def saved(document: pikepdf.Pdf, **more: object) -> bytes:
    """The bytes of a document, small, and the same for the same content; `more` are further words of pikepdf's `save`.

    *Why no look at the version in the metadata:* ours name none, so there is nothing to keep in step; looking costs.
    """
    written = BytesIO()
    document.save(
        written,
        deterministic_id=True,
        object_stream_mode=ObjectStreamMode.generate,
        compress_streams=True,
        fix_metadata_version=False,
        **more,
    )
    return written.getvalue()
