"""A sealed column whose ciphertext stays what it is: the guard over an issued certificate can then tell a change from a save."""

from jinchuan.shared.fields.model import EncryptedTextField


class Frozen(str):
    """Text as it was read, with the ciphertext it was read from."""

    token: str

    def __new__(cls, text, token):
        value = super().__new__(cls, text)
        value.token = token
        return value


class FrozenTextField(EncryptedTextField):
    """Encrypted like any other, but what was read and is saved again is written as the same ciphertext, not sealed anew."""

    def from_db_value(self, value, expression, connection):
        text = super().from_db_value(value, expression, connection)
        return Frozen(text, value) if text else text

    def get_prep_value(self, value):
        return value.token if isinstance(value, Frozen) else super().get_prep_value(value)

    def clean(self, value, model_instance):
        """Written by our own code, so there is nothing to tidy."""
        self.validate(value, model_instance)
        return value
