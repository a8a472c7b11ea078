"""The buttons that rate a card."""

from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from lrcards.cards.model import Rating


class RatingButton(Static):
    """One of the four ratings with the delay it gives; a click rates."""

    class Pressed(Message):
        """A rating was clicked."""

        def __init__(self, rating: Rating) -> None:
            super().__init__()
            self.rating = rating

    def __init__(self, rating: Rating) -> None:
        super().__init__(classes=f"rating-{rating.name.lower()}")
        self.rating = rating

    def show(self, delay: str) -> None:
        """Show the key, the rating and the delay until the card comes back."""
        name = self.rating.name.capitalize()
        self.update(Content.assemble((str(self.rating.value), "bold"), f" {name}  ", (delay, "bold")))

    def on_click(self) -> None:
        """Rate the card."""
        self.post_message(self.Pressed(self.rating))
