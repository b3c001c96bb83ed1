"""Editions stamped into a finished page: texts shaped, slots filled, a small change written after the PDF."""
