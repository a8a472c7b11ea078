"""Runs the command line as ``python -m lrcards``."""

from lrcards.cli import main

main()
