"""Words of the reports app and the moves they allow."""

from django.db.models import TextChoices

from cases.enums import ConsentPurpose, HardshipCategory
from jinchuan.shared.moves import States


class ReportKind(TextChoices):
    MONTH = "month", "月报"
    QUARTER = "quarter", "季报"
    HALF_YEAR = "half-year", "半年报"
    YEAR = "year", "年报"


class Variant(TextChoices):
    """What goes with a report."""

    XLSX = "xlsx", "表格"
    BRIEF = "brief", "一页通"
    LARGE = "large", "大字版"
    FIGURES = "figures", "数据文件"

    @property
    def suffix(self) -> str:
        return {Variant.XLSX: "xlsx", Variant.FIGURES: "json"}.get(self, "pdf")

    @property
    def file_name(self) -> str:
        return {Variant.XLSX: "report.xlsx", Variant.FIGURES: "figures.json"}.get(self, f"{self}.pdf")

    @property
    def mime(self) -> str:
        return {
            "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "json": "application/json",
            "pdf": "application/pdf",
        }[self.suffix]


class EditionState(States):
    """A report on its way to paper. ``building`` may fall back to ``queued`` when its worker was killed."""

    QUEUED = "queued", "排队中"
    BUILDING = "building", "生成中"
    READY = "ready", "待印发"
    ISSUED = "issued", "已印发"
    FAILED = "failed", "未生成"

    @classmethod
    def moves(cls):
        return {
            cls.QUEUED: {cls.BUILDING, cls.FAILED},
            cls.BUILDING: {cls.READY, cls.QUEUED, cls.FAILED},
            cls.READY: {cls.QUEUED, cls.ISSUED},
            cls.FAILED: {cls.QUEUED},
        }


UNDER_WAY = (EditionState.QUEUED, EditionState.BUILDING)
DONE = (EditionState.READY, EditionState.ISSUED)


class ClosingState(States):
    """A month on its way to being fixed; the next closing of a reopened one is a row of its own."""

    CLOSING = "closing", "正在定稿"
    CLOSED = "closed", "已定稿"
    REOPENED = "reopened", "已重新打开"

    @classmethod
    def moves(cls):
        return {cls.CLOSING: {cls.CLOSED}, cls.CLOSED: {cls.REOPENED}}


class EntryKind(TextChoices):
    """Why a line stands in the ledger."""

    OPENING = "opening", "期初"
    NEW = "new", "本月"
    LATE = "late", "补报"
    CORRECTION = "correction", "更正"


class StoryState(States):
    """A story on its way to the public. From ``consented`` on its words, people and photos stand still."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审核"
    RETURNED = "returned", "已退回"
    CHECKED = "checked", "已审核"
    CONSENTED = "consented", "同意齐备"
    RELEASED = "released", "已送出"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已撤下"

    @classmethod
    def moves(cls):
        return {
            cls.DRAFT: {cls.SUBMITTED, cls.WITHDRAWN},
            cls.SUBMITTED: {cls.CHECKED, cls.RETURNED, cls.WITHDRAWN},
            cls.RETURNED: {cls.SUBMITTED, cls.WITHDRAWN},
            cls.CHECKED: {cls.CONSENTED, cls.RETURNED, cls.WITHDRAWN},
            cls.CONSENTED: {cls.RELEASED, cls.CHECKED, cls.RETURNED, cls.WITHDRAWN},
            cls.RELEASED: {cls.PUBLISHED, cls.WITHDRAWN},
            cls.PUBLISHED: {cls.WITHDRAWN},
        }


# Nothing of the story may change any more.
FROZEN = (StoryState.CONSENTED, StoryState.RELEASED, StoryState.PUBLISHED, StoryState.WITHDRAWN)
# It has left the house.
OUT = (StoryState.RELEASED, StoryState.PUBLISHED)
WRITABLE = (StoryState.DRAFT, StoryState.RETURNED)
"""The writer may go on."""
OPEN = (*WRITABLE, StoryState.SUBMITTED, StoryState.CHECKED, StoryState.CONSENTED)
"""It may still change."""


class Shown(TextChoices):
    """How a person appears in a story."""

    FULL = "full", "真名"
    SURNAME = "surname", "只写姓（张某某）"
    ALIAS = "alias", "化名"
    HIDDEN = "hidden", "不出现"


class Item(TextChoices):
    """What of a person is made public. The values are those of ``ConsentPurpose``, so that a consent answers for one."""

    STORY = ConsentPurpose.PUBLISH_STORY.value, "事迹"
    NAME = ConsentPurpose.PUBLISH_NAME.value, "姓名"
    PHOTO = ConsentPurpose.PUBLISH_PHOTO.value, "照片"


class FindingKind(TextChoices):
    """What of a person may stand in a text."""

    ID_NUMBER = "id_number", "身份证号"
    CERTIFICATE = "certificate", "残疾人证号"
    BANK_CARD = "bank_card", "银行卡号"
    PHONE = "phone", "电话号码"
    ADDRESS = "address", "详细住址"
    NAME = "name", "姓名"
    BIRTH_DATE = "birth_date", "出生日期"
    MINOR = "minor", "未成年人"
    SCHOOL = "school", "学校"
    COMMUNITY = "community", "社区（村）"


# No reason makes these fit to print.
NEVER_WAIVED = (
    FindingKind.ID_NUMBER,
    FindingKind.CERTIFICATE,
    FindingKind.BANK_CARD,
    FindingKind.PHONE,
    FindingKind.ADDRESS,
)
# Children who can never be recognised in public, whoever agrees (domain.md 2.2, 7.1).
NEVER_IDENTIFIABLE = (HardshipCategory.ORPHAN, HardshipCategory.DE_FACTO_UNATTENDED_CHILD)
