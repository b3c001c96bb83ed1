"""Printed handouts from Markdown: one-pagers, topic handouts and a booklet, as polished, accessible PDF."""

__version__ = "0.1.0"
