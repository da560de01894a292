"""Two households that are one: the pairs that look like it, and a page that lays both side by side."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from jinchuan.shared import masking, site
from jinchuan.shared.access import NOT_ALLOWED
from jinchuan.shared.admin import Cell, Panel, row_link
from jinchuan.shared.admin.pieces import masked
from jinchuan.shared.forms import Form

from ..enums import Relation
from ..models import Household
from ..services import merges

PERMISSION = "cases.merge_household"
KEPT, DUPLICATE = "kept", "duplicate"
MERGED = "已合并：{duplicate} 的记录全部转到 {kept}。"


class MergeForm(Form):
    """Which particulars to keep, and what people who move are to the head of the kept household."""

    def __init__(self, kept, duplicate, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in merges.CHOSEN:
            ours, theirs = getattr(kept, name), getattr(duplicate, name)
            # Compared as they are, shown as they may be: two different telephone numbers can look alike.
            if theirs and ours != theirs:
                choices = [
                    (KEPT, f"{kept.code}：{_said(kept, name) or '空'}"),
                    (DUPLICATE, f"{duplicate.code}：{_said(duplicate, name)}"),
                ]
                self.fields[name] = forms.ChoiceField(
                    label=Household._meta.get_field(name).verbose_name,
                    choices=choices,
                    widget=forms.RadioSelect,
                    initial=KEPT if ours else DUPLICATE,
                )
        ours = list(kept.members.all())
        self.moving = [
            one
            for one in duplicate.members.filter(left_on__isnull=True)
            if not any(merges.same_person(same, one) for same in ours)
        ]
        for one in self.moving:
            name = masking.mask_name(one.name)
            self.fields[f"relation_{one.pk}"] = forms.ChoiceField(
                label=f"{name} 与户主的关系",
                choices=[
                    ("", "请选择"),
                    *((value, words) for value, words in Relation.choices if value != Relation.HEAD),
                ],
                initial="" if one.relation == Relation.HEAD else one.relation,
            )

    @property
    def choices(self) -> dict:
        """For ``merge_households``."""
        relations = {one.pk: self.cleaned_data[f"relation_{one.pk}"] for one in self.moving}
        chosen = {name: self.cleaned_data[name] for name in merges.CHOSEN if name in self.cleaned_data}
        return {**chosen, "relations": relations}


def _said(household, name) -> str:
    """A particular in words, masked where it is personal."""
    if name in ("address", "phone", "summary"):
        return masked(household, name)
    if name == "community":
        return household.community.short_name
    return household.get_need_level_display()


class MergeMixin:
    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("duplicates/", view(self.duplicates_view), name=self._address("duplicates")),
            path("<int:object_id>/merge/<int:other_id>/", view(self.merge_view), name=self._address("merge")),
            *super().get_urls(),
        ]

    def list_links(self, request):
        links = super().list_links(request)
        if request.user.has_perm(PERMISSION):
            links.append(("重复核查", reverse(f"admin:{self._address('duplicates')}")))
        return links

    def _merge_address(self, kept, duplicate):
        return reverse(f"admin:{self._address('merge')}", args=[kept.pk, duplicate.pk])

    def _own_page(self, request, title, **context):
        request.current_app = self.admin_site.name
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": None,
            "opts": self.opts,
            **context,
        }

    def duplicates_view(self, request):
        """Pairs of households that have a person in common, as far as one may see both."""
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied(NOT_ALLOWED)
        panel = Panel(
            "疑似重复的户",
            ("关爱户", "另一户", "理由", "办理"),
            [
                (
                    Cell(one.household.code, row_link(one.household)),
                    Cell(one.other.code, row_link(one.other)),
                    "；".join(one.reasons),
                    Cell("核对并合并", self._merge_address(one.household, one.other)),
                )
                for one in merges.probable_duplicates(by=request.user)
            ],
            empty="没有疑似重复的户。",
        )
        context = self._own_page(request, "重复核查", panel=panel, back=self._list_address())
        return TemplateResponse(request, "admin/object_history.html", context)

    def merge_view(self, request, object_id, other_id):
        """GET lays both side by side; POST merges ``other_id`` into ``object_id``."""
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied(NOT_ALLOWED)
        kept, duplicate = self.get_object(request, str(object_id)), self.get_object(request, str(other_id))
        if kept is None or duplicate is None or kept.pk == duplicate.pk:
            raise Http404
        form = MergeForm(kept, duplicate, request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            try:
                merges.merge_households(kept, duplicate, by=request.user, choices=form.choices)
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                sentence = MERGED.format(kept=kept.code, duplicate=duplicate.code)
                self.message_user(request, sentence, messages.SUCCESS)
                return HttpResponseRedirect(self._page_address(kept))
        context = self._own_page(
            request,
            f"合并重复户：保留 {kept.code}",
            form=form,
            # Not ``form.summary``, which is a field here.
            problems=form.summary,
            kept=kept,
            duplicate=duplicate,
            panel=_side_by_side(kept, duplicate),
            other_way=self._merge_address(duplicate, kept),
            back=reverse(f"admin:{self._address('duplicates')}"),
        )
        return TemplateResponse(request, "admin/merge.html", context)


def _side_by_side(kept, duplicate) -> Panel:
    """What both hold, so that one sees what becomes of it."""
    columns = [_holdings(row) for row in (kept, duplicate)]
    heads = ("", f"保留 {kept.code}", f"并入的 {duplicate.code}")
    rows = [(name, columns[0][name], columns[1][name]) for name in columns[0]]
    return Panel("两户对照", heads, rows)


def _holdings(row) -> dict:
    people = [f"{masking.mask_name(one.name)}（{one.get_relation_display()}）" for one in row.members.all()]
    return {
        "户主": masking.mask_name(row.head_name or "") or "--",
        "成员": "、".join(people) or "--",
        "状态": row.get_state_display(),
        "结对": row.pairings.count(),
        "走访（人次）": row.visited.count(),
        "办理事项": row.matters.count(),
        "需求": row.needs.count(),
        "同意书": row.consents.count(),
    }


site.shortcut("重复核查", "admin:cases_household_duplicates", PERMISSION)
