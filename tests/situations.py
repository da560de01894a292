"""Factories make what is given; whether it may be, their rows' constraints say in the database alone.

Asking each constraint beforehand as well, for the sentence beside the field, is a form's business and tested there: it is
one query a constraint, and a third of the suite's time.
"""

import inspect

from jinchuan.audit.services import constraints_by_database


def judged_by_the_database(module) -> None:
    """Wrap every public function of a module of factories; to be called at its end with ``globals()``."""
    for name, value in list(module.items()):
        if inspect.isfunction(value) and value.__module__ == module["__name__"] and not name.startswith("_"):
            module[name] = constraints_by_database()(value)
