"""What is asked: notes, cards and deck formats. Pure: no SQL, no screen."""
