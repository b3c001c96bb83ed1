"""A folder of other people's Markdown made into a project: every file an article, and no word of it lost."""
