"""Judging content and PDFs before they are printed: small checks, each evidence in, findings out."""
