"""Anki's packages (.apkg and .colpkg): what they hold, and how they are read and written."""
