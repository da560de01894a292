"""What the suite refuses besides wrong results: undefined template names, GETs that write, sockets to elsewhere."""

import ipaddress
import re
import socket
import sys
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from django.template.base import FilterExpression
from django.test import Client


class UndefinedName(AssertionError):
    """One of our templates uses a name or attribute that nobody gave it."""


class Undefined(str):
    """Stands in for `string_if_invalid`: raises in a template of ours, is the empty string in a library's.

    `{{ name|default:"…" }}` and `{% if name %}` say that the name may be absent, so they may.
    """

    def __bool__(self):
        frame = sys._getframe(1)
        expression = frame.f_locals.get("self")
        if not isinstance(expression, FilterExpression):
            return False
        if any(filter_.__name__ in {"default", "default_if_none"} for filter_, _ in expression.filters):
            return False
        while frame:
            origin = getattr(frame.f_locals.get("self"), "origin", None)
            if origin is not None and getattr(frame.f_locals["self"], "token", None) is not None:
                if str(origin.name).startswith(str(settings.ROOT / "templates")):
                    line = frame.f_locals["self"].token.lineno
                    raise UndefinedName(f"{origin.name}:{line}: {expression.var} is not defined")
                return False
            frame = frame.f_back
        return False


# What serving a page may write: the session, the cache, and the record of who looked at or printed something.
BOOKKEEPING = re.compile(r"^(django_session|cache_entries|usersessions_|audit_)")
WRITE = re.compile(
    r"^\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE
)


class WroteOnGet(AssertionError):
    """A GET changed a row of the business."""


def _refuse_writes(execute, sql, params, many, context):
    written = WRITE.match(sql)
    if written and not BOOKKEEPING.match(written[1]):
        raise WroteOnGet(f"a GET writes to {written[1]}: {sql[:200]}")
    return execute(sql, params, many, context)


@contextmanager
def reading_only():
    """GET and HEAD of every test client may read, and nothing else."""
    original = Client.request

    def request(self, **given):
        if given.get("REQUEST_METHOD") not in {"GET", "HEAD"}:
            return original(self, **given)
        with connection.execute_wrapper(_refuse_writes):
            return original(self, **given)

    Client.request = request
    try:
        yield
    finally:
        Client.request = original


class Outside(AssertionError):
    """A test tried to reach another machine."""


@contextmanager
def only_this_machine():
    """Sockets reach loopback addresses and Unix sockets only."""
    original = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex")}

    def guard(name):
        def connect(self, address):
            if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_loopback(address[0]):
                raise Outside(f"a test connects to {address[0]}")
            return original[name](self, address)

        return connect

    for name in original:
        setattr(socket.socket, name, guard(name))
    try:
        yield
    finally:
        for name, function in original.items():
            setattr(socket.socket, name, function)


def _is_loopback(host):
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
