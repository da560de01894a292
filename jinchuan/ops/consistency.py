"""Runs what every app says must always hold of its rows."""

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

Check = Callable[[], Iterator[str]]


def checks() -> list[tuple[str, Check]]:
    """(``app.name``, check) of every app that has a room ``consistency``."""
    found = []
    for config in apps.get_app_configs():
        room = f"{config.name}.consistency"
        if config.name != "jinchuan.ops" and find_spec(room):
            listed = import_module(room).CHECKS
            found += [(f"{config.label}.{check.__name__}", check) for check in listed]
    return found


def findings() -> Iterator[str]:
    """A sentence for everything that is wrong. A check that breaks off is a finding too."""
    for name, check in checks():
        try:
            yield from check()
        except Exception as error:
            yield f"检查 {name} 没有做完：{type(error).__name__}: {error}"
