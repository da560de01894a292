import socket
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.conf import settings
from gunicorn.config import Config

from jinchuan.ops.management.commands.serve import web_part


def serve(environment, *arguments):
    command = [sys.executable, "manage.py", "serve", *arguments]
    return subprocess.run(
        command, cwd=settings.ROOT, env=environment, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("port", ["0", "65536", "web"])
def test_port_that_is_none(process_environment, port):
    done = serve(process_environment | {"PORT": port}, "--web")
    assert done.returncode != 0
    assert "Use a number from 1 to 65535" in done.stderr


def test_port_that_is_taken(process_environment):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = serve(process_environment, "--web", "--port", str(port))
    assert done.returncode != 0
    assert f"Cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "make run PORT=" in done.stderr


def test_a_paragraph_pasted_into_a_search_reaches_the_page_that_asks_to_shorten_it():
    part = web_part("127.0.0.1", 8000, 1, 1)
    asked = Config().parser().parse_args(part.command[part.command.index("gunicorn") + 1 :])
    assert asked.limit_request_line > len(f"GET /admin/cases/household/?q={quote('长' * 800)} HTTP/1.1")


def test_keys_that_are_not_the_datas_own(process_environment):
    from jinchuan.audit.models import KeySentinel

    KeySentinel.objects.get_or_create(pk=1, defaults={"sealed": "t1:AAAA", "fingerprint": "0" * 64})
    KeySentinel.objects.update(fingerprint="0" * 64)
    done = serve(process_environment, "--web")
    assert done.returncode != 0
    assert "FIELD_KEYS or INDEX_KEY are not the ones" in done.stderr
