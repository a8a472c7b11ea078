"""Decks of other programs and our own, as files: read into a parcel, written from one."""
