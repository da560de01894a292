"""The table of a register, put together in Python: what ``{% result_list %}`` of the stock admin says, without its templates.

What holds for a column or for the page (how a value is told, classes, the two halves of a link) is settled once; what is left
for a row is its values. Everything passes ``_safe``. A test compares both tables for every register.
"""

from datetime import date, time
from html import escape

from django.contrib.admin.templatetags.admin_list import items_for_result, result_headers
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import display_for_field, display_for_value, lookup_field
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import models
from django.db.models.constants import LOOKUP_SEP
from django.template.defaultfilters import capfirst
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

_CHECKBOX = "action_checkbox"
_KEY = "PK"


def table(cl) -> SafeString:
    """The list's table, heads and rows; nothing where there are no rows."""
    rows = list(cl.result_list)
    if not rows:
        return SafeString("")
    if cl.is_popup or cl.to_field:
        body = ("".join(items_for_result(cl, row, None)) for row in rows)
    else:
        columns = _columns(cl)
        body = ("".join([cell(row) for cell in columns]) for row in rows)
    return SafeString(
        '<div class="results"><table id="result_list"><thead><tr>'
        + "".join(_heads(cl))
        + "</tr></thead><tbody><tr>"
        + "</tr>\n<tr>".join(body)
        + "</tr></tbody></table></div>"
    )


def slices(cl) -> SafeString:
    """The filters beside the list, with a link for each of their choices; nothing where there are none."""
    return SafeString("".join(_slices_of(spec.title, spec.choices(cl)) for spec in cl.filter_specs))


def _slices_of(title, choices):
    title = conditional_escape(title)
    links = "".join(
        f"<li{_CHOSEN[0] if choice['selected'] else ''}>"
        f'<a href="{escape(choice["query_string"])}"{_CHOSEN[1] if choice["selected"] else ""}>'
        f"{conditional_escape(choice['display'])}</a></li>\n"
        for choice in choices
    )
    return (
        f'<details data-filter-title="{title}" open><summary>{title}</summary><ul>\n{links}</ul></details>\n'
    )


_CHOSEN = ' class="selected"', ' aria-current="true"'


# Heads ----------------------------------------------------------------------------------------------------------


def _heads(cl):
    heads = list(result_headers(cl))
    several = sum(head["sortable"] and head["sorted"] for head in heads) > 1
    for head in heads:
        text = conditional_escape(capfirst(head["text"]))
        if not head["sortable"]:
            yield f'<th scope="col"{head["class_attrib"]}><div class="text"><span>{text}</span></div><div class="clear"></div></th>'
            continue
        order = _order(head, several) if head["sort_priority"] > 0 else ""
        address = conditional_escape(head["url_primary"])
        yield (
            f'<th scope="col"{head["class_attrib"]}>{order}<div class="text"><a href="{address}">{text}</a></div>'
            '<div class="clear"></div></th>'
        )


def _order(head, several):
    place = head["sort_priority"]
    number = format_html(
        '<span class="sortpriority" title="{}">{}</span>',
        gettext("Sorting priority: %(priority_number)s") % {"priority_number": place},
        place,
    )
    return format_html(
        '<div class="sortoptions"><a class="sortremove" href="{}" title="{}"></a>{}'
        '<a href="{}" class="toggle {}" title="{}"></a></div>',
        head["url_remove"],
        gettext("Remove from sorting"),
        number if several else "",
        head["url_toggle"],
        "ascending" if head["ascending"] else "descending",
        gettext("Toggle sorting"),
    )


# Rows -----------------------------------------------------------------------------------------------------------


def _columns(cl) -> list:
    """For every column a function of the row that gives its cell."""
    columns, leads = [], False
    for place, name in enumerate(cl.list_display):
        linked = cl.list_display_links is not None and (
            name in cl.list_display_links or (not cl.list_display_links and not leads)
        )
        tag = "th" if linked and not leads else "td"
        leads = leads or linked
        columns.append(_column(cl, place, name, tag, _link(cl) if linked else None))
    return columns


def _link(cl):
    """A row's key → the two halves of a link to its page."""
    plain = reverse(
        f"admin:{cl.opts.app_label}_{cl.opts.model_name}_change",
        args=[_KEY],
        current_app=cl.model_admin.admin_site.name,
    )
    context = {"preserved_filters": cl.preserved_filters, "opts": cl.opts}
    start, _, end = plain.rpartition(_KEY)
    more = add_preserved_filters(context, plain).removeprefix(plain)
    return f'<a href="{conditional_escape(start)}', f'{conditional_escape(end + more)}">'


def _column(cl, place, name, tag, link):
    tell, classes = _telling(cl, place, name, linked=link is not None)
    opened = {late: f'<{tag} class="{" ".join([*classes, *late])}">' for late in ((), ("nowrap",))}
    key = cl.pk_attname
    start, end = link or ("", "")

    def plain(row):
        value, late = tell(row)
        return f"{opened[late]}{_safe(value)}</{tag}>"

    def linked(row):
        value, late = tell(row)
        return f"{opened[late]}{start}{getattr(row, key)}{end}{_safe(value)}</a></{tag}>"

    return linked if link else plain


def _telling(cl, place, name, *, linked):
    """(function of a row: what the column tells and the classes that hang on the value; the classes that do not)."""
    nothing = cl.model_admin.get_empty_value_display()
    classes = ["action-checkbox" if name == _CHECKBOX else f"field-{_called(name, place)}"]
    field = _field(cl.opts, name)
    if field is not None:
        if isinstance(field, models.DateField | models.TimeField | models.ForeignKey):
            classes.append("nowrap")
        return _of_field(field, nothing, linked), classes
    of_admin = name if callable(name) else getattr(cl.model_admin, name, None) if name != "__str__" else None
    if of_admin is None:
        return _of_model(cl, name, nothing), classes
    return _of_method(of_admin, nothing), classes


def _called(name, place):
    if not callable(name):
        return name
    return f"lambda{place}" if name.__name__ == "<lambda>" else name.__name__


def _field(opts, name):
    """The column of this name, as the admin's ``lookup_field`` sees it; None where it is something else."""
    if callable(name) or LOOKUP_SEP in name:
        return None
    try:
        field = opts.get_field(name)
    except FieldDoesNotExist:
        return None
    several = field.is_relation and (field.many_to_many or field.one_to_many or not field.concrete)
    if several or (field.is_relation and field.get_attname() == name) or field.auto_created:
        return None
    return field


def _of_field(field, nothing, linked):
    name = field.name
    if isinstance(field.remote_field, models.ManyToOneRel):

        def tell(row):
            try:
                related = getattr(row, name)
            except ObjectDoesNotExist:
                related = None
            return (nothing if related is None else related), ()

    elif field.flatchoices:
        labels = {key: label for key, label in field.flatchoices}  # noqa: C416

        def tell(row):
            return labels.get(getattr(row, name), nothing), ()

    else:

        def tell(row):
            value = getattr(row, name)
            if isinstance(value, str) and value.strip() == "":
                value = ""
            return display_for_field(value, field, nothing, avoid_link=linked), ()

    return tell


def _of_method(method, nothing):
    nothing = getattr(method, "empty_value_display", nothing)
    boolean = getattr(method, "boolean", False)

    def tell(row):
        try:
            value = method(row)
        except ObjectDoesNotExist:
            return nothing, ()
        return _shown(value, nothing, boolean)

    return tell


def _of_model(cl, name, nothing):
    """A property or method of the row, or something of a related row."""

    def tell(row):
        try:
            _, attribute, value = lookup_field(name, row, cl.model_admin)
        except ObjectDoesNotExist:
            return nothing, ()
        of_property = attribute.fget if isinstance(attribute, property) else attribute
        said = getattr(attribute, "empty_value_display", nothing)
        return _shown(value, said, getattr(of_property, "boolean", False))

    return tell


def _shown(value, nothing, boolean):
    if boolean:
        return display_for_value(value, nothing, boolean), ()
    if isinstance(value, str):
        return (value if value.strip() else nothing), ()
    return display_for_value(value, nothing), ("nowrap",) if isinstance(value, date | time) else ()


def _safe(value) -> str:
    """``conditional_escape``, at once for a plain text, as nearly everything is."""
    return escape(value) if type(value) is str else conditional_escape(value)
