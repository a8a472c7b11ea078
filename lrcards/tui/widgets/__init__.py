"""Widgets that more than one screen can use."""
