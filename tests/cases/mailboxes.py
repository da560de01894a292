"""Mail servers that misbehave, each in one way."""

import smtplib

from django.core.mail.backends.locmem import EmailBackend


class Unreachable(EmailBackend):
    def open(self):
        raise ConnectionRefusedError


class Refusing(EmailBackend):
    """Answers every mail with no."""

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (550, b"no such user")})


class Busy(EmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPDataError(451, b"try again later")


class Silent(EmailBackend):
    """Takes the mail and answers nothing."""

    def send_messages(self, messages):
        super().send_messages(messages)
        raise smtplib.SMTPServerDisconnected("connection lost")


class Dying(EmailBackend):
    """The process is killed while the mail goes out."""

    def send_messages(self, messages):
        super().send_messages(messages)
        raise SystemExit
