"""The themes that F2 goes through: dark, light, and one of high contrast."""

from textual.theme import Theme

HIGH_CONTRAST = Theme(
    name="high-contrast",
    primary="#00ffff",
    secondary="#ffffff",
    accent="#ffff00",
    warning="#ffff00",
    error="#ff8080",
    success="#00ff00",
    foreground="#ffffff",
    background="#000000",
    # A little lighter than the background, so that one sees how far a field goes.
    surface="#1a1a1a",
    panel="#000000",
    boost="#303030",
    dark=True,
    text_alpha=1.0,
    variables={
        # Muted colours would fade into the black; shades stay dark enough for every ink.
        "primary-muted": "#004a4a",
        "text-muted": "#ffffff",
        "text-primary": "#00ffff",
        "text-warning": "#ffff00",
        "text-error": "#ff8080",
        "text-success": "#00ff00",
        "text-accent": "#ffff00",
        "footer-key-foreground": "#ffff00",
        "block-cursor-foreground": "#000000",
        "block-cursor-background": "#ffff00",
        "border": "#ffffff",
    },
)

DARK, LIGHT = "textual-dark", "textual-light"
ROUND = (DARK, LIGHT, HIGH_CONTRAST.name)
