"""The site itself: the start page, the language, and the error pages."""
