"""The ways a service says no. Messages are full Chinese sentences: what is wrong and what to do."""

from django.core.exceptions import ValidationError


class Refused(ValidationError):
    """A service refuses an act that was understood. Raise it with a sentence, or with a dict of field → sentence."""


class Conflict(Refused):
    """Somebody else saved the row since this form was opened; nothing was written.

    ``changes`` says what the other person changed, one sentence each, for the page that lets the user choose.
    """

    def __init__(self, message, changes=(), **kwargs):
        super().__init__(message, **kwargs)
        self.changes = list(changes)
