"""Prints fresh keys for a server's .env: `python -m jinchuan.settings.newkeys`."""

from .keys import fresh

if __name__ == "__main__":
    for name, value in fresh().items():
        print(f"{name}={value}")
