"""Writes the tables of all keys into docs/keys.md, from the bindings of the program."""

from itertools import groupby
from pathlib import Path

from textual.keys import format_key

from lrcards.tui.keymap import bindings


def tables() -> str:
    """Return a heading and a table for each place, in Markdown."""
    lines = []
    for place, group in groupby(bindings(), lambda bound: bound.place):
        lines += [f"## {place}", "", "| keys | what they do | id |", "|---|---|---|"]
        for bound in group:
            shown = " ".join(f"`{format_key(key)}`" for key in bound.keys.split(","))
            lines.append(f"| {shown} | {bound.meaning} | `{bound.identifier}` |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    page = Path(__file__).with_name("keys.md")
    introduction = page.read_text("utf-8").partition("## ")[0]
    page.write_text(introduction + tables(), "utf-8")
