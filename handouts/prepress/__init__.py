"""After the layout: what a print shop, a copier or their readers ask of the finished file itself."""
