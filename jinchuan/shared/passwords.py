"""Password rules beyond Django's own: long ones in the bureau, and none that the house's name gives away."""

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator, NumericPasswordValidator
from django.core.exceptions import ValidationError

TOO_SHORT = "工作人员的密码至少要{least}个字，现在是{length}个。可以用几个不相干的词连起来。"
CONTEXT_WORD = "密码里不能有“{word}”，这样的词最容易被猜到。请换一个词。"
COMMON = "这个密码太常见，容易被人猜到。请换一个，可以用几个不相干的词连起来。"
ONLY_DIGITS = "密码不能全是数字。请加上字母或汉字。"
CONTEXT_WORDS = (
    "金川",
    "金昌",
    "民政",
    "爱心",
    "结对",
    "帮扶",
    "jinchuan",
    "jinchang",
    "minzheng",
    "aixin",
    "jiedui",
    "bangfu",
)


class BureauLengthValidator:
    """Refuses passwords shorter than `min_length` for everybody but the organisations' own people."""

    def __init__(self, min_length=12):
        self.min_length = min_length

    def validate(self, password, user=None):
        role = getattr(user, "role", None)
        if role is None or role in settings.PORTAL_ROLES or len(password) >= self.min_length:
            return
        message = TOO_SHORT.format(least=self.min_length, length=len(password))
        raise ValidationError(message, code="password_too_short")

    def get_help_text(self):
        return f"工作人员的密码至少{self.min_length}个字。"


class ContextWordsValidator:
    """Refuses passwords that contain a word from the programme's own name, in characters or pinyin."""

    def validate(self, password, user=None):
        folded = password.casefold()
        for word in CONTEXT_WORDS:
            if word in folded:
                raise ValidationError(CONTEXT_WORD.format(word=word), code="password_context_word")

    def get_help_text(self):
        return "密码里不能有“金川”“民政”“爱心”这样的词或它们的拼音。"


class CommonWordsValidator(CommonPasswordValidator):
    """Django's list of common passwords, with a sentence that says what to do."""

    def get_error_message(self):
        return COMMON


class NotOnlyDigitsValidator(NumericPasswordValidator):
    """Django's rule, with a sentence that says what to do."""

    def get_error_message(self):
        return ONLY_DIGITS
