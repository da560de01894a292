"""Households that left long ago: one person proposes to take their names away, another confirms."""

from jinchuan.shared import site
from jinchuan.shared.admin import Verb

from ..enums import HouseholdState
from ..models import Household
from ..services import retention

H = HouseholdState


def is_over(household) -> bool:
    """Did it leave so long ago that its names are to go?"""
    return retention.due().filter(pk=household.pk).exists()


def time_is_over(rows):
    """Those whose time is over and nobody has proposed it yet."""
    return rows.filter(pk__in=retention.due().filter(deidentify_proposed_at__isnull=True).values("pk"))


def proposed(rows):
    """Those that wait for the second person."""
    return rows.filter(pk__in=retention.due().filter(deidentify_proposed_at__isnull=False).values("pk"))


RETENTION_VERBS = (
    Verb(
        "propose",
        "提出去标识",
        "cases.exit_household",
        retention.propose_deidentification,
        states=(H.EXITED,),
        applies=lambda row: not row.deidentify_proposed_at and not row.deidentified_at and is_over(row),
        explain="退出满规定年限的户去掉姓名、号码、住址和照片，数字不变。由另一位工作人员确认以后才办理。",
    ),
    Verb(
        "withdraw_proposal",
        "撤回去标识",
        "cases.exit_household",
        retention.withdraw_proposal,
        states=(H.EXITED,),
        applies=lambda row: row.deidentify_proposed_at and not row.deidentified_at,
        explain="这一户暂不去标识。",
    ),
    Verb(
        "deidentify",
        "确认去标识",
        "cases.deidentify_household",
        retention.deidentify_household,
        states=(H.EXITED,),
        applies=lambda row: row.deidentify_proposed_at and not row.deidentified_at,
        explain="姓名、身份证号、电话、住址、情况说明和照片永久删除，不能找回；日期、类别、金额和次数保留，数字不变。",
        caution=True,
    ),
)


@site.worklist
def households_over(user):
    seen = Household.objects.visible_to(user)
    if user.has_perm("cases.exit_household"):
        yield site.Waiting(
            "到期可去标识化的户",
            time_is_over(seen).count(),
            site.list_url("cases.household", waiting="over"),
        )
    if user.has_perm("cases.deidentify_household"):
        yield site.Waiting(
            "待确认去标识的户",
            proposed(seen).count(),
            site.list_url("cases.household", waiting="proposed"),
            act="去确认",
        )
