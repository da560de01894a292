"""The permission matrix: what each role may do at all. Which rows it may do it to is ``visible_to``.

Verbs beyond Django's view/add/change are named after the service they open. Nobody may delete.
"""

from .enums import Role


def _can(app, *pairs) -> set[str]:
    """``_can("cases", "view household member", "add household")`` → {"cases.view_household", …}."""
    grants = set()
    for pair in pairs:
        action, *models = pair.split()
        grants |= {f"{app}.{action}_{model}" for model in models}
    return grants


_READ_ORGANIZATIONS = _can(
    "organizations",
    "view division supervisingunit organization organizationtransition program programpartner",
    "view mobilization mobilizationtransition mobilizationinvitation",
)
_READ_CASES = _can(
    "cases",
    "view household householdtransition member hardship eligibilityreview consent pairing pairingtransition",
    "view visit visittransition matter mattertransition careneed careneedtransition claim claimtransition",
    "view servicestandard obligation careplan notice studentaid studentaidtransition",
)
_READ_DONATIONS = _can(
    "donations",
    "view donor donation donationline donationtransition receipt purposechange purposechangetransition",
    "view fund place lot holding movement allocation allocationtransition adjustment adjustmenttransition",
    "view disposal disposaltransition stocktake stocktaketransition",
    "view distribution distributiontransition distributionline distributionlinetransition verification",
)
# Money and goods: who proposes never decides; that is the services' and the database's matter, not the role's.
_HANDLE_DONATIONS = _can(
    "donations",
    "add donor donation fund place allocation distribution verification",
    "add adjustment disposal stocktake purposechange",
    "change donor donation fund place allocation distribution distributionline verification holding",
    "confirm donation",
    "reveal donor distributionline",
    "approve allocation",
    "decide correction",
    "take_back distributionline",
    "view paper",
)
_READ_SERVICE = _can(
    "volunteers",
    "view volunteer enrollment activity activitytransition servicerecord servicerecordtransition",
    "view certificate certificatebatch",
    "view training commendation evaluation correctionrequest correctionrequesttransition",
)
_KEEP_HOURS = _can("volunteers", "correct servicerecord", "confirm servicerecord")
_GROWTH = _can(
    "volunteers",
    "add training commendation evaluation",
    "change training commendation evaluation correctionrequest",
    "print volunteer",
)
_READ_REPORTS = _can("reports", "view reportedition reportbatch figure closing closingtransition")
_READ_STORIES = _can(
    "reports", "view story storyperson storyphoto storytransition storyrelease publication publicationconsent"
)
_READ_ALL = (
    _READ_ORGANIZATIONS | _READ_CASES | _READ_DONATIONS | _READ_SERVICE | _READ_REPORTS | _READ_STORIES
)

_OFFICER = (
    _READ_ALL
    | _can(
        "organizations",
        "add organization program supervisingunit mobilization mobilizationinvitation",
        "change organization program supervisingunit mobilization mobilizationinvitation",
    )
    | _can("organizations", "invite user", "reveal organization")
    | _can("cases", "add household member consent pairing", "change household member pairing")
    | _can(
        "cases",
        "verify household",
        "exit household",
        "activate pairing",
        "end pairing",
        "reveal member household",
    )
    | _can("cases", "add visit matter careneed careplan", "change visit matter careneed careplan")
    | _can("cases", "add studentaid", "change studentaid", "approve studentaid")
    | _can("cases", "confirm visit matter", "waive obligation", "remind obligation", "merge household")
    | _HANDLE_DONATIONS
    | _can("volunteers", "add activity volunteer", "change activity volunteer", "confirm activity")
    | _can("volunteers", "reveal volunteer", "merge volunteer", "remark certificate")
    | _GROWTH
    | _KEEP_HOURS
    | _can("reports", "add reportedition", "change reportedition", "add reportbatch", "close month")
    | _can("reports", "view reportrecipient reportmail", "add reportrecipient", "change reportrecipient")
    | _can("reports", "reveal reportrecipient", "resend reportmail")
    | _can("reports", "add story publication", "change story publication", "check story")
    | _can("sheets", "import sheet", "export sheet")
)

_REVIEWER = _OFFICER | (
    _can("cases", "add servicestandard", "change servicestandard", "deidentify household")
    | _can("cases", "void visit matter")
    | _can("organizations", "approve organization", "deregister organization")
    | _can("donations", "void donation")
    | _can("volunteers", "void activity")
    | _can("reports", "issue reportedition", "release story", "reopen month")
    | _can("audit", "view auditevent")
)

_ORG_MEMBER = (
    _can("organizations", "view organization program division mobilization mobilizationinvitation")
    | _can("organizations", "answer mobilizationinvitation")
    | _can("cases", "view household member pairing visit matter careneed claim obligation notice studentaid")
    | _can("cases", "add visit matter", "change visit matter", "claim careneed")
    | _can("donations", "view donor donation donationline lot allocation distributionline")
    | _can("donations", "add donor donation", "change donation")
    | _can("volunteers", "view volunteer enrollment activity servicerecord")
    | _can("volunteers", "add volunteer activity", "change volunteer activity", "correct servicerecord")
    | _can("reports", "view story reportedition figure", "add story", "change story")
    | _can("volunteers", "view certificate certificatebatch", "add certificate")
    | _can("volunteers", "view training commendation evaluation correctionrequest")
    | _GROWTH
)

GRANTS: dict[Role, frozenset[str]] = {
    role: frozenset(grants)
    for role, grants in {
        Role.OFFICER: _OFFICER,
        Role.REVIEWER: _REVIEWER,
        Role.LEADER: _READ_ALL,
        Role.DIVISION_WORKER: _can("organizations", "view division")
        | _READ_CASES
        | _can("cases", "add household member consent", "change household member", "reveal member household")
        | _can("cases", "add studentaid", "change studentaid")
        | _can("cases", "add visit matter careneed careplan", "change visit matter careneed careplan")
        | _can("donations", "view allocation distribution distributionline paper", "change distributionline")
        | _can("reports", "view story storyperson storyphoto", "add story", "change story", "view figure")
        | _can("sheets", "export sheet"),
        Role.ASSOCIATION_CLERK: _can("organizations", "view division organization program")
        | _READ_DONATIONS
        | _HANDLE_DONATIONS
        | _can("sheets", "import sheet", "export sheet"),
        Role.ORG_ADMIN: _ORG_MEMBER
        | _KEEP_HOURS
        | _can("organizations", "invite user", "change contact")
        | _can("cases", "answer pairing")
        | _can("volunteers", "issue certificate"),
        Role.ORG_MEMBER: _ORG_MEMBER,
        Role.AUDITOR: _can("audit", "view auditevent")
        | _can("organizations", "view division organization user"),
        Role.ADMINISTRATOR: _can(
            "organizations",
            "view division supervisingunit organization user program",
            "add division user",
            "change division user",
            "manage accounts",
            "invite user",
        )
        | _can("cases", "view digest")
        | _can("audit", "view auditevent"),
    }.items()
}
