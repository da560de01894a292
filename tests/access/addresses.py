"""Every address of the house, from the resolver: with a row of one's own, of somebody else's, and of nobody's."""

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.contrib import admin
from django.urls import get_resolver, reverse

from jinchuan.shared.admin.pieces import sealed_fields
from jinchuan.sheets.registers import every

UNKNOWN_ID, UNKNOWN_CODE, UNKNOWN_UUID = 987654, "XX2026-9876", uuid.UUID(int=7)
UNKNOWN_TRACE = "7K3M92QFX4TD"

# The row, by model or role, whose key stands in the address.
ROWS = {
    "cases:household": "cases.household",
    "cases:pairing": "cases.pairing",
    "donations:donation": "given",
    "donations:receipt": "given",
    "donations:correct_new": "returned donation",
    "donations:correct": "returned donation",
    "donations:correct_check": "returned donation",
    "donations:receive_new": "pledged donation",
    "donations:receive": "pledged donation",
    "donations:receive_check": "pledged donation",
    "donations:lapse": "pledged donation",
    "trace:gift": "given",
    "signed:batch": "donations.distribution",
    "volunteers:activity": "volunteers.activity",
    "volunteers:receipt": "volunteers.activity",
    "volunteers:correct_new": "returned activity",
    "volunteers:correct": "returned activity",
    "volunteers:correct_check": "returned activity",
    "statements:statement": "statement",
    "statements:file": "statement",
    "stories:story": "reports.story",
    "stories:receipt": "reports.story",
    "stories:correct_new": "returned story",
    "stories:correct": "returned story",
    "stories:correct_check": "returned story",
    "volunteers:sign_ups": "planned activity",
    "volunteers:cancel": "planned activity",
    "volunteers:check_in": "planned activity",
    "volunteers:poster": "planned activity",
    "volunteers:roll": "planned activity",
    "volunteers:replan_new": "planned activity",
    "volunteers:replan": "planned activity",
    "volunteers:replan_check": "planned activity",
    "volunteers:log_hours_new": "planned activity",
    "volunteers:log_hours": "planned activity",
    "volunteers:log_hours_check": "planned activity",
    "volunteers:unknown": "volunteers.unknownperson",
    "volunteers:record": "volunteers.servicerecord",
    "checkin:desk": "volunteers.checkinwindow",
    "volunteers:person": "volunteers.volunteer",
    "volunteers:change_new": "volunteers.volunteer",
    "volunteers:change": "volunteers.volunteer",
    "volunteers:change_check": "volunteers.volunteer",
    "volunteers:leave": "volunteers.volunteer",
    "volunteers:rejoin": "volunteers.volunteer",
    "volunteers:slip": "volunteers.volunteer",
    "volunteers:add_growth": "volunteers.volunteer",
    "volunteers:void_growth": "volunteers.training",
    "volunteers:correct_growth": "volunteers.training",
    "volunteers:correction": "volunteers.correctionrequest",
    "certificates:certificate": "volunteers.certificate",
    "certificates:file": "volunteers.certificate",
    "certificates:batch": "volunteers.certificatebatch",
    "certificates:batch_file": "volunteers.certificatebatch",
    "cases:notice_open": "cases.notice",
    "care:visit": "cases.visit",
    "care:receipt": "cases.visit",
    "care:correct_new": "returned visit",
    "care:correct": "returned visit",
    "care:correct_check": "returned visit",
    "care:household": "cases.household",
    "care:need": "cases.careneed",
    "care:claim": "cases.claim",
    "organizations:invitation": "organizations.mobilization",
    "organizations:program": "organizations.program",
    "cases:students": "student program",
    "organizations:reissue": "organizations.user",
    "organizations:disable": "organizations.user",
    "intake:attachment": "intake.attachment",
}
# Figures behind which stand helpers, members of households, givers and receivers, and when what they count happened.
_SEPTEMBER = "?period=2026-09"
FIGURES = {
    "service_sessions": _SEPTEMBER,
    "service_person_times": _SEPTEMBER,
    "paired_people": "",
    "donations_total": _SEPTEMBER,
    "donor_individuals": _SEPTEMBER,
    "aid_value": _SEPTEMBER,
}
# Whoever holds the code of a gift or of a day's check-in is let in: the code is the key, not the account.
KEPT_BY_CODE = {"trace:gift", "checkin:desk"}
# The form whose draft stands in the address.
DRAFTS = {
    "donations:cash": "donations:cash",
    "donations:cash_check": "donations:cash",
    "donations:goods": "donations:goods",
    "donations:goods_check": "donations:goods",
    "donations:pledge": "donations:pledge",
    "donations:pledge_check": "donations:pledge",
    "volunteers:log": "volunteers:log",
    "volunteers:log_check": "volunteers:log",
    "stories:write": "stories:write",
    "stories:write_check": "stories:write",
    "volunteers:plan": "volunteers:plan",
    "volunteers:plan_check": "volunteers:plan",
    "volunteers:register": "volunteers:register",
    "volunteers:register_check": "volunteers:register",
    "care:log": "care:log",
    "care:log_check": "care:log",
    "intake:drop_draft": "donations:cash",
}


@dataclass(frozen=True)
class Address:
    """``name`` is the key of the table; ``kwargs(side)`` fills the address, with None for a row that is not there."""

    name: str
    view: str
    keys: tuple
    row: str = ""
    draft: str = ""
    fixed: tuple = ()
    query: str = ""

    @property
    def is_about_a_row(self) -> bool:
        return bool(self.row or self.draft)

    def url(self, side) -> str:
        fixed = dict(self.fixed)
        values = {key: fixed[key] if key in fixed else self._value(key, side) for key in self.keys}
        return reverse(self.view, kwargs=values) + self.query

    def _value(self, key, side):
        if key == "draft":
            return side.drafts[self.draft] if side and self.draft else UNKNOWN_UUID
        row = side.rows.get(self.row) if side else None
        if key == "district":
            return settings.HOME_DIVISION[:6]
        if key == "trace_code":
            return row.trace_code if row else UNKNOWN_TRACE
        if key == "key":
            return row.pk if row else UNKNOWN_UUID
        if key == "other_id":
            row = side.opposite.rows.get(self.row) if side else None
        if key == "serial":
            return row.serial if row else UNKNOWN_CODE
        if key == "code":
            return row.code if row else UNKNOWN_CODE
        if row:
            return row.pk
        return UNKNOWN_UUID if key == "attachment" else UNKNOWN_ID


def views() -> dict[str, tuple]:
    """Name → names of the arguments, of every address that has a name."""
    found = {}

    def walk(resolver, keys=(), namespace=""):
        for pattern in resolver.url_patterns:
            here = (*keys, *pattern.pattern.regex.groupindex)
            if hasattr(pattern, "url_patterns"):
                walk(pattern, here, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
            elif pattern.name:
                found[f"{namespace}{pattern.name}"] = here

    walk(get_resolver())
    return found


def addresses() -> list[Address]:
    listed = []
    for view, keys in views().items():
        listed += _of(view, keys)
    return sorted(listed, key=lambda address: address.name)


def _of(view, keys):
    if view == "admin:view_on_site":
        return [Address(view, view, keys, fixed=(("content_type_id", "1"), ("object_id", "1")))]
    if view == "admin:app_list":
        return [
            Address(f"{view}[{app}]", view, keys, fixed=(("app_label", app),))
            for app in sorted({model._meta.app_label for model in admin.site._registry})
        ]
    if view == "admin:autocomplete":
        return [Address(view, view, keys), *_autocompletes(view, keys)]
    if view.startswith("sheets:") and "register" in keys:
        handed_in = {"households": "sheets.sheetimport"} if "key" in keys else {}
        return [
            Address(
                f"{view}[{register.name}]",
                view,
                keys,
                handed_in.get(register.name, ""),
                fixed=(("register", register.name),),
            )
            for register in every()
        ]
    if view in ("admin:reports_figure", "admin:reports_figure_rows", "figures:figure"):
        return [
            Address(f"{view}[{code}]", view, keys, fixed=(("code", code),), query=query)
            for code, query in FIGURES.items()
        ]
    if "kind" in keys:
        return [Address(view, view, keys, ROWS.get(view, ""), fixed=(("kind", "training"),))]
    model = _registered_model(view)
    if model:
        return _of_admin(view, keys, model)
    return [Address(view, view, keys, ROWS.get(view, ""), DRAFTS.get(view, ""))]


def _registered_model(view):
    for model in admin.site._registry:
        if view.startswith(f"admin:{model._meta.app_label}_{model._meta.model_name}_"):
            return model
    return None


def _of_admin(view, keys, model):
    label = model._meta.label_lower
    row = label if "object_id" in keys else ""
    if "verb" in keys:
        names = admin.site._registry[model].all_verbs()
        return [Address(f"{view}[{name}]", view, keys, row, fixed=(("verb", name),)) for name in names] or [
            Address(view, view, keys, row, fixed=(("verb", "nothing"),))
        ]
    if "field" in keys:
        return [
            Address(f"{view}[{name}]", view, keys, row, fixed=(("field", name),))
            for name in sealed_fields(model)
        ] or [Address(view, view, keys, row, fixed=(("field", "nothing"),))]
    return [Address(view, view, keys, row)]


def _autocompletes(view, keys):
    for model in admin.site._registry:
        for one in model._meta.concrete_fields:
            if one.many_to_one and one.related_model in admin.site._registry:
                source = f"{model._meta.label_lower}.{one.name}"
                query = (
                    f"?app_label={model._meta.app_label}&model_name={model._meta.model_name}"
                    f"&field_name={one.name}&term="
                )
                yield Address(f"{view}[{source}]", view, keys, query=query)
