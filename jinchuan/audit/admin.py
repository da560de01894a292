"""The log, read-only, and what it lends to every page: the history of a row, the reveal of one value."""

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model

from jinchuan.shared import site
from jinchuan.shared.admin import DayFilter, HouseFilterSet, OneFilter, Panel, ScopedAdmin
from jinchuan.shared.templatetags.house import zh_time

from .models import AuditEvent
from .reading import OPENED, PRINTED
from .refusals import refusal_for
from .reveal import reveal
from .services import verb
from .words import column_words, value_words

ACTIONS = {
    "create": "登记",
    "change": "修改",
    "submit": "提交",
    "correct": "改后重新提交",
    "intend": "登记意向",
    "organization_confirms": "组织确认",
    "household_confirms": "关爱户确认",
    "leave": "成员离开",
    "withdraw": "撤回同意",
    "merge": "并入另一户的全部记录",
    "merged": "合并后更正",
    "visited": "登记走访的户",
    "claim": "认领",
    "claimed": "被认领",
    "unclaimed": "认领退回",
    "rules": "修改条目",
    "obligations": "夜间生成和判定任务",
    "remind": "发提醒",
    "set_email": "登记电子邮箱",
    "visit_once": "合并后去掉重复的一户",
    "hand_over": "转交",
    "propose_deidentification": "提出去标识",
    "withdraw_deidentification": "撤回去标识",
    "deidentify": "去标识",
    "rotate_keys": "更换密钥",
    "retire": "停用",
    "invite": "开通账号",
    "issue_slip": "发激活单",
    "activate": "启用账号",
    "disable": "停用账号",
    "unlock": "解锁账号",
    "note_receipt": "登记票据",
    "line": "登记明细",
    "records": "登记服务记录",
    "attach": "上传附件",
    "detach": "删除附件",
    "reveal": "查看敏感信息",
    "duplicate_refused": "重复登记被拒绝",
    "export": "导出",
    "import": "导入",
    "sign_in": "登录",
    "sign_out": "退出登录",
    "sign_in_failed": "登录失败",
    "sign_in_locked": "账号锁定",
    "refused": "越权被拒绝",
    "open_file": "打开档案或文件",
    "print": "打印",
    "contact": "修改联系方式",
    "request": "提出月报",
    "freeze": "冻结数据",
    "write_words": "修改文字",
    "write_next_steps": "修改下一步打算",
    "request_paper": "提出打印",
    "assign_file": "附到记录",
    "write": "写稿",
    "edit": "改稿",
    "show": "登记故事里的人",
    "add_photo": "添加照片",
    "explain": "说明理由",
    "release_story": "送出",
    "channels": "送出渠道",
    "publish": "登记发布",
    "take_down": "登记撤下",
    "pledge": "登记认捐",
    "propose": "提出",
    "approve_first": "第一次批准",
    "release": "取消没有发放的部分",
    "transfer": "入库或调拨",
    "count": "盘点",
    "void": "登记票据作废",
    "load": "装车发放",
    "unload": "未送出退回",
    "deliver": "登记交付",
    "take_back": "收回交付",
    "draw": "抽取回访",
    "call": "登记回访",
    "seed_demo": "装入演示数据",
}


def action_words(event) -> str:
    """The act in words: “状态改为已核实”, “修改”."""
    if event.action.startswith("move:"):
        return f"状态改为“{event.after.get('state', event.action.removeprefix('move:'))}”"
    return ACTIONS.get(event.action, event.action)


def change_words(event, known=None) -> str:
    """What changed, field by field, masked as the log keeps it."""
    model = _model(event)
    if event.action == "reveal":
        return column_words(model, event.after.get("field", ""))
    sentences = []
    for name, value in event.after.items():
        if (
            name in {"version", "state", "ids"}
            or name.endswith(("_by", "_hash"))
            or (value == "" and not event.before)
        ):
            continue
        now = value_words(model, name, value, known)
        if name in event.before:
            now = f"{value_words(model, name, event.before[name], known)} → {now}"
        sentences.append(f"{column_words(model, name)}：{now}")
    return "；".join(sentences)


def _model(event):
    try:
        return apps.get_model(event.target_type)
    except LookupError:
        return None


def history(row, *, most) -> Panel:
    """Who did what to this row, newest first."""
    known = {}
    rows = [
        (
            zh_time(event.at),
            event.actor or "系统",
            action_words(event),
            change_words(event, known),
            event.reason,
        )
        for event in AuditEvent.objects.of(row).exclude(action__in=[OPENED, PRINTED]).order_by("-id")[:most]
    ]
    return Panel("变更", ("时间", "账号", "动作", "内容", "原因"), rows, empty="还没有变更记录。")


site.open_door("history", history)
site.open_door("reveal", reveal)
site.open_door("verb", verb)
site.open_door("refusal", refusal_for)


class AuditEventFilter(HouseFilterSet):
    at_from = DayFilter(field_name="at", lookup_expr="date__gte", label="日期从")
    at_to = DayFilter(field_name="at", lookup_expr="date__lte", label="到")

    class Meta(HouseFilterSet.Meta):
        model = AuditEvent
        fields = []


class RoleFilter(OneFilter):
    """By the role somebody acted in; the words are those of the accounts."""

    title = "角色"
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return role_words().items()

    def queryset(self, request, queryset):
        return queryset.filter(actor_role=self.value()) if self.value() else queryset


def role_words() -> dict[str, str]:
    return dict(get_user_model()._meta.get_field("role").choices)


@admin.register(AuditEvent)
class AuditEventAdmin(ScopedAdmin):
    """The log of every act. Nothing here can be changed, by anybody."""

    list_display = [
        "shown_at",
        "shown_actor",
        "shown_role",
        "shown_action",
        "target_label",
        "reason",
        "address",
    ]
    list_display_links = ["shown_at"]
    list_filter = [RoleFilter]
    filterset_class = AuditEventFilter
    search_fields = ["actor", "action", "target_label", "target_id"]
    search_help_text = "按账号、对象编号查找。"
    empty_list = "还没有操作记录。"
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "shown_at",
                    "actor",
                    "shown_role",
                    "shown_action",
                    "shown_kind",
                    "target_label",
                    "shown_change",
                    "reason",
                    "address",
                    "request_id",
                    "digest",
                ]
            },
        )
    ]
    readonly_fields = ["shown_at", "shown_role", "shown_action", "shown_kind", "shown_change"]

    @admin.display(description="时间", ordering="id")
    def shown_at(self, event):
        return zh_time(event.at)

    @admin.display(description="账号", ordering="actor")
    def shown_actor(self, event):
        return event.actor or "系统"

    @admin.display(description="角色", ordering="actor_role")
    def shown_role(self, event):
        return role_words().get(event.actor_role, event.actor_role) or "--"

    @admin.display(description="对象类型")
    def shown_kind(self, event):
        model = _model(event)
        return model._meta.verbose_name if model else event.target_type

    @admin.display(description="动作", ordering="action")
    def shown_action(self, event):
        return action_words(event)

    @admin.display(description="内容")
    def shown_change(self, event):
        return change_words(event) or "--"

    def choice_label(self, event):
        return str(event.pk)
