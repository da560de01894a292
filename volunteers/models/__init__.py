"""Volunteer service: people, activities, and the minutes each volunteer actually served (志愿服务条例 §19)."""

from .activities import HOURS_OWN, VOID_OWN, Activity, ActivityHousehold, ActivityTransition
from .certificate_papers import CertificatePaper, CertificateRemark
from .certificates import (
    ASKED_ALREADY,
    ISSUE_OWN,
    NOTICE_NOT_OVER,
    Certificate,
    CertificateBatch,
    CertificateTransition,
)
from .checkins import NOW_OPEN, CheckIn, CheckInWindow, UnknownPerson, new_code, typed_hash
from .growth import Commendation, Evaluation, Training
from .own_record import CorrectionRequest, CorrectionRequestTransition, QueryCode
from .people import NOT_IN_ORGANIZATION, Enrollment, Volunteer
from .plans import FULL, INSURE_FIRST, ActivityPlan, SignUp, SignUpTransition
from .records import (
    BREAK_TOO_LONG,
    CONFIRM_OWN_HOURS,
    END_BEFORE_START,
    LONGEST_SERVICE,
    TOO_LONG,
    ServiceRecord,
    ServiceRecordTransition,
)

__all__ = [
    "ASKED_ALREADY",
    "BREAK_TOO_LONG",
    "CONFIRM_OWN_HOURS",
    "END_BEFORE_START",
    "FULL",
    "HOURS_OWN",
    "INSURE_FIRST",
    "ISSUE_OWN",
    "LONGEST_SERVICE",
    "NOTICE_NOT_OVER",
    "NOT_IN_ORGANIZATION",
    "NOW_OPEN",
    "TOO_LONG",
    "VOID_OWN",
    "Activity",
    "ActivityHousehold",
    "ActivityPlan",
    "ActivityTransition",
    "Certificate",
    "CertificateBatch",
    "CertificatePaper",
    "CertificateRemark",
    "CertificateTransition",
    "CheckIn",
    "CheckInWindow",
    "Commendation",
    "CorrectionRequest",
    "CorrectionRequestTransition",
    "Enrollment",
    "Evaluation",
    "QueryCode",
    "ServiceRecord",
    "ServiceRecordTransition",
    "SignUp",
    "SignUpTransition",
    "Training",
    "UnknownPerson",
    "Volunteer",
    "new_code",
    "typed_hash",
]
