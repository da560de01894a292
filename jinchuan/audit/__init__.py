"""Who did what, when, to which row and why; and the one way to write a row (``services``)."""
