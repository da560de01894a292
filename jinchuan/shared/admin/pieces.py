"""Small things that pages are put together from."""

from dataclasses import dataclass, field
from functools import lru_cache

from django.contrib.admin import display
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.urls import reverse
from django.utils.formats import localize
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString

from jinchuan.shared.fields.model import EncryptedTextField
from jinchuan.shared.templatetags.house import TONES

_FIGURE, _LONG = ' class="num"', ' class="long"'


@dataclass(frozen=True)
class Cell:
    """One cell of a panel: text, maybe leading somewhere; a ``figure`` stands to the right."""

    text: object
    url: str = ""
    figure: bool = False

    @property
    def told(self) -> str:
        """As a template would write it."""
        text = conditional_escape(localize(self.text))
        kind = _FIGURE if self.figure else _LONG if isinstance(self.text, str) and len(self.text) > 40 else ""
        return f"<td{kind}>" + (f'<a href="{escape(self.url)}">{text}</a>' if self.url else text) + "</td>"


@dataclass
class Panel:
    """A readable section of a row's page: a short table, what to say when it is empty, and what one may add."""

    title: str
    heads: tuple[str, ...]
    rows: list = field(default_factory=list)
    empty: str = "还没有记录。"
    note: str = ""
    add_url: str = ""
    add_label: str = ""
    more_url: str = ""
    more_label: str = "在名册中查看全部"
    leads: bool = False
    """Stands right after the first section of the form, because one decides by it."""
    screen_only: bool = False
    """Not printed with the row's file: it helps to decide, or tells about the file itself."""

    @property
    def key(self) -> int:
        """Tells this section from the others of its page."""
        return id(self)

    @property
    def table(self) -> SafeString:
        """Heads and rows, written at once: the page of a household has some hundred cells."""
        rows = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in self.rows]
        heads = "".join(
            f'<th scope="col"{_FIGURE if cell.figure else ""}>{conditional_escape(head)}</th>'
            for head, cell in zip(self.heads, rows[0], strict=True)
        )
        body = "\n".join(f"<tr>{''.join(cell.told for cell in row)}</tr>" for row in rows)
        return SafeString(f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>")


def could_be_key(value) -> bool:
    """Is it a number that the database can compare with a key? Anything else belongs to no row."""
    text = str(value)
    return text.isascii() and text.isdecimal() and len(text) <= 18


class _Searched:
    """A choice that is searched for. What is typed is sent by POST and stands in no address."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [one for one in value if could_be_key(one)], attr)

    def build_attrs(self, base_attrs, extra_attrs=None):
        return super().build_attrs(base_attrs, extra_attrs) | {
            "data-ajax--type": "POST",
            "data-ajax--cache": "false",
        }


class SearchSelect(_Searched, AutocompleteSelect):
    """One row that is searched for."""


class SearchSelectMany(_Searched, AutocompleteSelectMultiple):
    """Several rows that are searched for."""


def badge(row, field_name="state"):
    """The state of a row as a word with a tone."""
    return _badge(type(row), field_name, getattr(row, field_name))


@lru_cache(maxsize=512)
def _badge(model, field_name, value):
    words = dict(model._meta.get_field(field_name).flatchoices).get(value, value)
    return format_html('<span class="badge badge-{}">{}</span>', TONES.get(value, "calm"), words)


def person(column, label):
    """A column that names somebody of the staff as they are called; ``__str__`` is how they sign in."""

    @display(description=label)
    def show(model_admin, row):
        somebody = getattr(row, column)
        return somebody.name if somebody else "--"

    return show


def row_link(row) -> str:
    """The address of a row's page in the admin."""
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])


def link_to(row, text=None):
    return format_html('<a href="{}">{}</a>', row_link(row), text or str(row))


def sealed_fields(model) -> dict:
    """The encrypted fields of a model by name: shown masked, revealed one at a time."""
    return {
        one.name: one
        for one in model._meta.concrete_fields
        if isinstance(one, EncryptedTextField) and one.editable
    }


def masked(row, name) -> str:
    """A personal value as the model's ``PERSONAL`` table shows it."""
    value = getattr(row, name)
    if value in (None, ""):
        return ""
    mask = getattr(row, "PERSONAL", {}).get(name)
    return mask(value) if mask else "已填写"
