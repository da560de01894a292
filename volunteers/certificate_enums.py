"""States of a 志愿服务记录证明 and the moves between them (民发〔2015〕149号: 申请、受理、公示、开具)."""

from jinchuan.shared.moves import States

# 28 signs are 138 random bits: printed as a QR code and in groups of four; the database finds it by a keyed hash.
CHECK_CODE_LENGTH = 28
CHECK_CODE_PURPOSE = "certificate check code"


class CertificateState(States):
    APPLIED = "applied", "待受理"
    NOTICED = "noticed", "公示中"
    DECLINED = "declined", "不予开具"
    ISSUED = "issued", "已开具"
    REVOKED = "revoked", "已撤销"
    REPLACED = "replaced", "已被替换"

    @classmethod
    def moves(cls):
        return {
            cls.APPLIED: {cls.NOTICED, cls.ISSUED, cls.DECLINED},
            cls.NOTICED: {cls.ISSUED, cls.DECLINED},
            cls.ISSUED: {cls.REVOKED, cls.REPLACED},
        }


UNDER_WAY = frozenset({CertificateState.APPLIED, CertificateState.NOTICED})
EVER_ISSUED = frozenset({CertificateState.ISSUED, CertificateState.REVOKED, CertificateState.REPLACED})
STANDING = UNDER_WAY | {CertificateState.ISSUED}
