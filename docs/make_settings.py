"""Writes the table of all settings into docs/settings.md, from what the program says on screen."""

from pathlib import Path

from lrcards.preferences import as_written, listed, section_of, value_from
from lrcards.settings import Settings
from lrcards.tui.screens.settings import SETTING_WORDINGS


def table() -> str:
    """Return the table in Markdown, with each value as it is written in the file."""
    defaults = {row.name: row.default for row in listed(Settings())}
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for name, wording in SETTING_WORDINGS.items():
        default = as_written(value_from(name, defaults[name])).as_string()
        choices = ", ".join(f'`"{choice}"`' for choice, _ in wording.choices if choice not in ("yes", "no"))
        meaning = wording.meaning + (f" One of {choices}." if choices else "")
        rows.append(f"| `[{section_of(name)}]` `{name}` | `{default}` | {meaning} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    page = Path(__file__).with_name("settings.md")
    before, _, rest = page.read_text("utf-8").partition("| setting |")
    after = rest.partition("\n\n")[2]
    page.write_text(f"{before}{table()}\n{after}", "utf-8")
