"""What a register is: columns over a form, a service behind it, and the list as it goes out.

The apps declare theirs in ``<app>/sheets.py`` and hand them over in ``AppConfig.ready()``; nothing here imports an app.
"""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404

from jinchuan.shared import text
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import LineFormField
from jinchuan.shared.money import yuan

from .cells import NO, YES, LookupFormField, RowForm

EXAMPLE = "示例"
NUMBER = "number"

NEW, CHANGED, SAME = "new", "changed", "same"

_ORNAMENTS = str.maketrans("", "", " *＊\n\t\u3000")


def plain_heading(heading) -> str:
    """A heading as it is compared: without spaces, stars and line breaks; brackets of either width are one."""
    folded = text.clean(str(heading)).translate(_ORNAMENTS)
    return folded.replace("(", "（").replace(")", "）")


@dataclass(frozen=True)
class Column:
    """One column of a template: the cell's form field, under the name the form gives it."""

    name: str
    field: object
    example: str = ""

    @property
    def label(self) -> str:
        return str(self.field.label)

    @property
    def options(self) -> Callable | None:
        """``options(by)`` → the words of the drop-down, where the column has one."""
        if isinstance(self.field, LookupFormField):
            return self.field.options
        choices = getattr(self.field, "choices", None)
        return (
            (lambda by: [str(label) for key, label in choices if key not in (None, "")]) if choices else None
        )


@dataclass(frozen=True)
class Written:
    """What became of an entry: ``kind`` is new, changed or same; ``changes`` are (what, old, new), masked."""

    kind: str
    label: str = ""
    changes: tuple = ()


@dataclass
class Entry:
    """What becomes one record: a row, or the rows that share a number. ``head`` and ``lines`` are cleaned values."""

    rows: list[int]
    head: dict
    lines: list[dict]
    by: object
    memory: dict

    @contextmanager
    def at(self, index):
        """A refusal raised inside is about the ``index``-th row of the entry."""
        try:
            yield
        except ValidationError as refusal:
            refusal.sheet_row = self.rows[index]
            raise


@dataclass(frozen=True)
class Register:
    """One list of the house as a sheet, in and out.

    ``also`` are other headings that mean one of its columns, for sheets that are made elsewhere. Without ``write`` it only
    goes out, and ``out_only`` says why nothing comes in.
    """

    name: str
    title: str
    unit: str
    model: type[models.Model]
    head: type[RowForm] = RowForm
    write: Callable[[Entry], Written] | None = None
    out: tuple = ()
    line: type[RowForm] | None = None
    number_label: str = "序号"
    number_hint: str = "可不填。"
    examples: tuple[dict, ...] = ({},)
    headings_needed: tuple[str, ...] = ()
    personal: dict = field(default_factory=dict)
    key: Callable[[dict, dict], object] = lambda head, line: None
    prepare: Callable = lambda rows: rows.for_list()
    narrow: Callable = lambda rows, by: rows
    """What hangs on a row and goes out with it, as far as the reader may see that too."""
    version: str = "2026"
    notes: tuple[str, ...] = ()
    needs_author: bool = True
    open_to_organizations: bool = False
    taken_from_organizations: bool = False
    """Organisations bring it in as well, from a page of theirs, as far as they may write such rows at all."""
    also: dict = field(default_factory=dict)
    out_only: str = ""
    import_permissions: tuple[str, ...] = ()
    """What one must be allowed, where it is not to add and change rows of the model by themselves."""

    @property
    def grouped(self) -> bool:
        return self.line is not None

    @cached_property
    def columns(self) -> list[Column]:
        """The template's columns: the number, what is said once, what is said in every row."""
        number = LineFormField(
            label=self.number_label, required=self.grouped, help_text=self.number_hint, max_chars=20
        )
        example = self.examples[0]
        columns = [Column(NUMBER, number, EXAMPLE)]
        for form in (self.head, self.line):
            if form:
                columns += [Column(n, f, example.get(n, "")) for n, f in form.base_fields.items()]
        return columns

    @cached_property
    def labels(self) -> dict[str, str]:
        """Name of a column → its heading."""
        return {column.name: column.label for column in self.columns}

    def column(self, name) -> Column:
        return next(column for column in self.columns if column.name == name)

    def is_needed(self, column) -> bool:
        """May the heading not be missing?"""
        return column.field.required or column.name in self.headings_needed

    # Who may ------------------------------------------------------------------------------------------------

    def may_import(self, user) -> bool:
        if self.write is None:
            return False
        verbs = [f"{self._app}.{verb}_{self.model._meta.model_name}" for verb in ("add", "change")]
        at_all = user.has_perm("sheets.import_sheet") or (
            bool(user.organization_id) and self.taken_from_organizations
        )
        return at_all and user.has_perms(self.import_permissions or verbs)

    def may_export(self, user) -> bool:
        if not user.has_perm(f"{self._app}.view_{self.model._meta.model_name}"):
            return False
        return user.has_perm("sheets.export_sheet") or bool(
            user.organization_id and self.open_to_organizations
        )

    @property
    def _app(self) -> str:
        return self.model._meta.app_label


def changes(row, given: dict, **in_own_words) -> tuple[dict, tuple]:
    """What of ``given`` differs from ``row``: the fields to write, and (label, old, new) to show, masked.

    ``strengths=…`` says how to put the values of that field into words.
    """
    shown_by = getattr(row, "PERSONAL", {}) | in_own_words
    differing, shown = {}, []
    for name, value in given.items():
        old = getattr(row, name)
        if (list(old or ()) if isinstance(value, list) else old) == value:
            continue
        differing[name] = value
        column = row._meta.get_field(name)
        mask = shown_by.get(name)
        shown.append((str(column.verbose_name), shown_as(column, old, mask), shown_as(column, value, mask)))
    return differing, tuple(shown)


def shown_as(column, value, mask=None) -> str:
    """A value of a model's column in words."""
    if value in (None, "", [], ()):
        return "空"
    if mask:
        return mask(value)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    return in_words(value)


def in_words(value) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list | tuple):
        return "、".join(str(one) for one in value)
    if hasattr(value, "as_tuple"):
        return yuan(value)
    return zh(value) if hasattr(value, "isoformat") else str(value)


# The registers of the house -------------------------------------------------------------------------------------

_registers: dict[str, Register] = {}


def add(*registers: Register) -> None:
    for register in registers:
        _registers[register.name] = register


def every() -> list[Register]:
    return list(_registers.values())


def names() -> list[str]:
    return sorted(_registers)


def named(name) -> Register:
    """The register of that name; KeyError for an unknown one."""
    return _registers[name]


def named_or_404(name) -> Register:
    if name not in _registers:
        raise Http404
    return _registers[name]
