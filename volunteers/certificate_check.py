"""Is this certificate genuine? For anybody who holds the paper, without signing in; it tells no more than the paper does."""

from jinchuan.shared.fields.form import LineFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.masking import mask_name
from jinchuan.shared.public import CodePage

from .certificate_content import Tampered, read
from .certificate_enums import CertificateState
from .models import Certificate

UNKNOWN = "没有查到这个查验码。请对照证明下方的 28 位字母和数字，再看一遍；仍查不到的，请联系开具单位核实。"
VERDICTS = {
    CertificateState.ISSUED: (
        "真实有效",
        "这份证明由下面的单位开具，现在有效。请核对纸上的内容与下面是否一致。",
    ),
    CertificateState.REVOKED: ("已撤销", "这份证明已由开具单位撤销，不再有效。"),
    CertificateState.REPLACED: ("已被替换", "这份证明已由开具单位另行开具的证明替换，不再有效。"),
}


class CodeForm(Form):
    code = LineFormField(
        label="查验码", max_chars=80, help_text="证明下方的 28 位字母和数字，不分大小写，短横可以不填。"
    )


class Check(CodePage):
    limit = "certificate"
    form_class = CodeForm
    template = "volunteers/certificate_check.html"
    unknown = UNKNOWN

    def told(self, code) -> dict | None:
        """What the page says of the certificate with this code; None when there is none, or when it is not what was sealed."""
        certificate = Certificate.objects.ever_issued().by_code(code).first()
        if certificate is None:
            return None
        try:
            content = read(certificate)
        except Tampered:
            return None
        verdict, words = VERDICTS[certificate.state]
        return {
            "verdict": verdict,
            "words": words,
            "stands": certificate.state == CertificateState.ISSUED,
            "number": content["number"],
            "issuer": content["issuer"],
            "name": mask_name(content["name"]),
            "period_from": certificate.period_from,
            "period_to": certificate.period_to,
            "hours": content["hours"],
            "issued_on": certificate.issued_on,
        }
