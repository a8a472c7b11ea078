"""When it is asked: FSRS memory, steps, queue. Pure: the clock and the random generator are arguments."""
