"""What cases adds to the page of an organisation: its pairings, and taking it out for good."""

from django.urls import reverse

from jinchuan.shared import masking, site
from jinchuan.shared.admin import Cell, Panel, ReasonForm, Verb, badge, row_link
from jinchuan.shared.templatetags.house import zh_date
from organizations.enums import OrganizationState

from ..models import Pairing
from ..services import pairings

site.add_verb(
    "organizations.organization",
    Verb(
        "deregister",
        "注销",
        "organizations.deregister_organization",
        pairings.deregister_organization,
        states=(OrganizationState.APPROVED, OrganizationState.SUSPENDED),
        form=ReasonForm,
        facts=lambda row: [
            ("正在结对", f"{row.pairings.open().count()} 户的结对和意向会同时结束，账号全部停用。")
        ],
        explain="注销不能撤回。",
        bulk=False,
        caution=True,
    ),
)


@site.panel("organizations.organization")
def pairings_of_organization(request, organization):
    if not request.user.has_perm("cases.view_pairing"):
        return None
    rows = Pairing.objects.visible_to(request.user).filter(organization=organization).for_list()
    return Panel(
        "结对",
        ("编号", "关爱户", "社区（村）", "方式", "结对日期", "状态"),
        [
            (
                Cell(one.code, row_link(one)),
                " ".join(filter(None, [one.household.code, masking.mask_name(one.head_name or "")])),
                one.household.community.short_name,
                one.get_role_display(),
                zh_date(one.started_on),
                badge(one),
            )
            for one in rows[:50]
        ],
        empty="还没有结对。",
        add_url=f"{reverse('admin:cases_pairing_add')}?organization={organization.pk}"
        if request.user.has_perm("cases.add_pairing") and organization.is_approved
        else "",
        add_label="登记意向",
        more_url=site.list_url("cases.pairing", q=organization.name),
    )
