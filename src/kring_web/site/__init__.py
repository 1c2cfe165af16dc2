"""The site itself: the start page, the language, and what is said when something is not there."""
