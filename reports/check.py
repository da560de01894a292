"""Is this report genuine? For anybody who holds the paper, without signing in; it says which edition it is and whether a later one
replaced it, and tells nothing of what it says."""

from jinchuan.shared.fields.form import LineFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.public import CodePage

from .enums import Variant
from .models import ReportEdition

UNKNOWN = "没有查到这个核验码。请对照报告末页的 28 位字母和数字，再看一遍；仍查不到的，请联系印发单位核实。"
AUTHENTIC = "真实"
STANDS = "这份报告由系统所在的民政局印发，是最新的一版。"
SUPERSEDED = "这份报告由系统所在的民政局印发，已被第 {number} 版替代，请以第 {number} 版为准。"


class CodeForm(Form):
    code = LineFormField(
        label="核验码", max_chars=80, help_text="报告末页的 28 位字母和数字，不分大小写，短横可以不填。"
    )


class Check(CodePage):
    limit = "report"
    form_class = CodeForm
    template = "reports/check.html"
    unknown = UNKNOWN

    def told(self, code) -> dict | None:
        """What the page says of the report with this code; None when none was issued with it."""
        issued = ReportEdition.objects.issued()
        edition = issued.with_scope().by_verify_code(code).first()
        if edition is None:
            return None
        last = issued.about(edition.period_value, edition.scope).first()
        figures = edition.files.filter(variant=Variant.FIGURES).first()
        replaced = last.number > edition.number
        return {
            "stands": not replaced,
            "verdict": AUTHENTIC,
            "words": SUPERSEDED.format(number=last.number) if replaced else STANDS,
            "serial": edition.serial,
            "number": edition.number,
            "sha256": figures.sha256 if figures else "",
        }
