"""xlsx in and out. An app declares its registers in ``<app>/sheets.py``; views of lists call ``export`` or ``download``.

Nothing is imported at the top: this package is an app, and Django imports it before there are models.
"""


def export(register, queryset, *, by) -> bytes:
    """The xlsx of a list; ``register`` is a ``Register`` or its name. See ``exporting.export``."""
    from . import exporting, registers

    return exporting.export(
        registers.named(register) if isinstance(register, str) else register, queryset, by=by
    )


def download(register, queryset, *, by):
    """The same as an answer to the browser, named after the list and the day."""
    from . import registers
    from .downloads import xlsx_response

    register = registers.named(register) if isinstance(register, str) else register
    return xlsx_response(export(register, queryset, by=by), register.title)
