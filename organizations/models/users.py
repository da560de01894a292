from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints, masking
from jinchuan.shared.fields.model import EmailAddressField, NameField, PhoneField

from ..enums import ORGANIZATION_ROLES, STAFF_ROLES, Role
from ..permissions import GRANTS
from ..querysets import UserManager


class User(AbstractBaseUser):
    """A person who signs in: one role, and the one division or organisation it acts for."""

    PERSONAL = {
        "name": masking.mask_name,
        "phone": masking.mask_phone,
        "email": masking.mask_email,
        "password": lambda value: "已设置",
    }
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name", "role", "division"]

    username = models.CharField(
        "账号",
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator(message="账号只能用字母、数字、汉字和 @ . + - _。")],
        error_messages={"unique": "这个账号已经有人使用，请换一个。"},
    )
    name = NameField("姓名")
    phone = PhoneField("手机号码", blank=True)
    email = EmailAddressField(
        "电子邮箱", blank=True, help_text="选填。有新提醒时每天早上发一封邮件，不写姓名和住址。"
    )
    role = models.CharField("角色", max_length=20, choices=Role)
    division = models.ForeignKey(
        "organizations.Division",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
        verbose_name="所属区划",
    )
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
        verbose_name="所属组织",
    )
    is_active = models.BooleanField("启用", default=True)
    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = UserManager()

    class Meta:
        verbose_name = "账号"
        verbose_name_plural = "账号"
        ordering = ["username"]
        permissions = [("manage_accounts", "管理账号")]
        constraints = [
            constraints.in_choices("role", Role, name="user_role_known"),
            models.CheckConstraint(
                condition=Q(
                    role__in=sorted(ORGANIZATION_ROLES), organization__isnull=False, division__isnull=True
                )
                | Q(role__in=sorted(STAFF_ROLES), organization__isnull=True, division__isnull=False),
                name="user_belongs_where_role_says",
                violation_error_message="组织的账号要选所属组织，工作人员的账号要选所属区划，两者只选其一。",
            ),
        ]

    def __str__(self):
        return self.username

    def get_short_name(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    # What django.contrib.admin asks of a user.

    @property
    def is_staff(self) -> bool:
        return self.is_active and self.role in STAFF_ROLES

    @property
    def is_superuser(self) -> bool:
        """Nobody is above the table of permissions."""
        return False

    def get_all_permissions(self, obj=None) -> frozenset[str]:
        return GRANTS[Role(self.role)] if self.is_active else frozenset()

    def has_perm(self, perm, obj=None) -> bool:
        return perm in self.get_all_permissions()

    def has_perms(self, perm_list, obj=None) -> bool:
        return all(self.has_perm(perm) for perm in perm_list)

    def has_module_perms(self, app_label) -> bool:
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions())

    @property
    def is_of_organization(self) -> bool:
        return self.role in ORGANIZATION_ROLES

    @property
    def is_of_bureau(self) -> bool:
        return Role(self.role).is_of_bureau

    @property
    def is_division_worker(self) -> bool:
        return self.role == Role.DIVISION_WORKER

    @property
    def is_org_admin(self) -> bool:
        return self.role == Role.ORG_ADMIN
