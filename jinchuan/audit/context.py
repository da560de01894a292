"""Where an act comes from: the caller's address and the request id, carried beside the call."""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Origin:
    address: str = ""
    request_id: str = ""


_origin: ContextVar[Origin | None] = ContextVar("audit_origin", default=None)


def current() -> Origin:
    return _origin.get() or Origin()


@contextmanager
def acting_from(address: str = "", request_id: str = ""):
    token = _origin.set(Origin(address, request_id))
    try:
        yield
    finally:
        _origin.reset(token)


def address_of(request) -> str:
    """The caller's address. Behind proxies of ours it is the one the outermost of them saw, as for the limits of sign-in."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    seen = hops[-proxies] if 0 < proxies <= len(hops) else ""
    return (seen or request.META.get("REMOTE_ADDR", ""))[:64]


class OriginMiddleware:
    """Lets every event written during a request say where it came from."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with acting_from(address_of(request), getattr(request, "request_id", "")):
            return self.get_response(request)
