"""Volunteer service: people, activities, and the minutes each volunteer actually served (志愿服务条例 §19)."""

from .activities import VOID_OWN, Activity, ActivityTransition
from .certificates import (
    ASKED_ALREADY,
    ISSUE_OWN,
    NOTICE_NOT_OVER,
    Certificate,
    CertificateBatch,
    CertificatePaper,
    CertificateRemark,
    CertificateTransition,
)
from .growth import Commendation, Evaluation, Training
from .own_record import CorrectionRequest, CorrectionRequestTransition, QueryCode
from .people import NOT_IN_ORGANIZATION, Enrollment, Volunteer
from .records import BREAK_TOO_LONG, END_BEFORE_START, LONGEST_SERVICE, TOO_LONG, ServiceRecord

__all__ = [
    "ASKED_ALREADY",
    "BREAK_TOO_LONG",
    "END_BEFORE_START",
    "ISSUE_OWN",
    "LONGEST_SERVICE",
    "NOTICE_NOT_OVER",
    "NOT_IN_ORGANIZATION",
    "TOO_LONG",
    "VOID_OWN",
    "Activity",
    "ActivityTransition",
    "Certificate",
    "CertificateBatch",
    "CertificatePaper",
    "CertificateRemark",
    "CertificateTransition",
    "Commendation",
    "CorrectionRequest",
    "CorrectionRequestTransition",
    "Enrollment",
    "Evaluation",
    "QueryCode",
    "ServiceRecord",
    "Training",
    "Volunteer",
]
