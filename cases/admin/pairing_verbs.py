"""What can be done with a pairing, from intention to end, and what each act says of itself before it is done."""

from jinchuan.shared.admin import Outcome, ReasonForm, Verb
from jinchuan.shared.admin.preview import step

from ..enums import RUNNING_PAIRING_STATES, PairingState
from ..forms import ActivateForm, CloseOutForm, EndForm, TransferForm
from ..models import Pairing
from ..services import handover, pairings

P = PairingState


def pairing_facts(pairing) -> list[tuple[str, str]]:
    """What a person must know before activating: what is missing still, and how full the organisation is."""
    taken = Pairing.objects.active().filter(organization=pairing.organization_id).count()
    facts = [
        (
            "结对户数",
            f"{pairing.organization.name}已结对 {taken} 户，可结对 {pairing.organization.capacity} 户。",
        )
    ]
    missing = pairings.obstacles(pairing)
    return facts + [("还差", sentence) for sentence in missing] or facts


def still_missing(row, result) -> list[str]:
    missing = pairings.obstacles(result)
    return ["".join(["记下后还差：", *missing])] if missing else ["记下后条件齐备，可以正式结对。"]


def left_alone(row, result) -> list[str]:
    """Whether anybody is left to the household when the pairing has ended."""
    words = list(step(row, result))
    if not Pairing.objects.running().filter(household=result.household_id).exists():
        words.append(f"{row.household.code} 从此没有组织帮扶，回到“待结对”。")
    return words


def transferred(rows) -> list[Outcome]:
    """What the service says of a handover, as the pages of the bureau show it."""
    kinds = {"transferred": Outcome.DONE, "done": Outcome.ALREADY, "refused": Outcome.REFUSED}
    return [Outcome(row.pairing, kinds[row.outcome], row.sentences) for row in rows]


def transfer(rows, *, by, organization, handover_note, **chosen):
    return transferred(
        handover.bulk_transfer(rows, organization, by=by, handover_note=handover_note, **chosen)
    )


def foretell_transfer(rows, *, by, organization, handover_note, **chosen):
    return transferred(handover.preview_transfer(rows, organization, by=by, **chosen))


PAIRING_VERBS = (
    Verb(
        "household",
        "关爱户已同意结对",
        "cases.change_pairing",
        pairings.confirm_for_household,
        states=(P.INTENTION,),
        applies=lambda row: not row.household_confirmed_at,
        explain="记下关爱户当面或电话同意结对。",
        says=still_missing,
        previewed=True,
    ),
    Verb(
        "organization",
        "组织已同意结对",
        "cases.change_pairing",
        pairings.confirm_for_organization,
        states=(P.INTENTION,),
        applies=lambda row: not row.organization_confirmed_at,
        explain="记下组织同意结对。组织也可以在自己的页面上确认。",
        says=still_missing,
        previewed=True,
    ),
    Verb(
        "activate",
        "正式结对",
        "cases.activate_pairing",
        pairings.activate_pairing,
        states=(P.INTENTION,),
        form=ActivateForm,
        facts=pairing_facts,
        explain="条件齐备后正式结对，组织从此能看到这一户的信息。",
        previewed=True,
    ),
    Verb(
        "decline",
        "登记谢绝",
        "cases.change_pairing",
        pairings.decline_intention,
        states=(P.INTENTION,),
        form=ReasonForm,
        explain="有一方不同意，意向到此为止。",
        bulk=False,
    ),
    Verb(
        "cancel",
        "撤销意向",
        "cases.change_pairing",
        pairings.cancel_intention,
        states=(P.INTENTION,),
        form=ReasonForm,
        explain="登记有误或情况有变，撤销这条意向。",
        caution=True,
        previewed=True,
    ),
    Verb(
        "suspend",
        "暂停",
        "cases.end_pairing",
        pairings.suspend_pairing,
        states=(P.ACTIVE,),
        form=ReasonForm,
        explain="暂停期间组织仍是这一户的结对组织，仍占一户。",
        previewed=True,
    ),
    Verb(
        "resume",
        "恢复结对",
        "cases.end_pairing",
        pairings.resume_pairing,
        states=(P.SUSPENDED,),
        explain="恢复以前会再核对这一户的同意书是否有效。",
        previewed=True,
    ),
    Verb(
        "transfer",
        "转给另一个组织",
        "cases.end_pairing",
        handover.transfer_pairing,
        states=RUNNING_PAIRING_STATES,
        form=TransferForm,
        explain="原结对结束的同一天新结对开始，中间没有空档。下一步先看清会发生什么，再确认。",
        caution=True,
        previewed=True,
        many=transfer,
        foretell=foretell_transfer,
    ),
    Verb(
        "begin_ending",
        "开始办理结束",
        "cases.end_pairing",
        pairings.begin_ending,
        states=(P.ACTIVE, P.SUSPENDED),
        form=CloseOutForm,
        explain="写明最后一次联系、尚未交接的款物和交接说明，办妥以后再“结束结对”。",
        previewed=True,
    ),
    Verb(
        "end",
        "结束结对",
        "cases.end_pairing",
        pairings.end_pairing,
        states=RUNNING_PAIRING_STATES,
        form=EndForm,
        explain="从结束日期起不再计为结对。这一户没有别的结对时，回到“待结对”。",
        caution=True,
        previewed=True,
        says=left_alone,
    ),
)
