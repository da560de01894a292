"""Measurements, side by side in one run: ``make bench`` or ``python -m bench [--size s|m] [--only NAME]``."""
