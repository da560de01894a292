"""Who is signed in."""

from allauth.account.auth_backends import AuthenticationBackend

from .models import User


class AccountBackend(AuthenticationBackend):
    def get_user(self, user_id):
        """The account with its division: every page of the bureau asks what its reader may see."""
        try:
            user = User.objects.select_related("division").get(pk=user_id)
        except User.DoesNotExist:
            return None
        return user if self.user_can_authenticate(user) else None
