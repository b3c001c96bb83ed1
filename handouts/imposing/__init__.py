"""Imposition: the pages of a finished PDF laid onto sheets that are printed, folded or cut."""
