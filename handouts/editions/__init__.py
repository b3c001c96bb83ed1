"""A spreadsheet of schools made into folders of PDFs: rows checked, products made ready, files kept or written."""
