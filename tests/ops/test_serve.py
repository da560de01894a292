import socket
import subprocess
import sys

import pytest
from django.conf import settings


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


def test_keys_that_are_not_the_datas_own(process_environment):
    from jinchuan.audit.models import KeySentinel

    KeySentinel.objects.get_or_create(pk=1, defaults={"sealed": "t1:AAAA", "fingerprint": "0" * 64})
    KeySentinel.objects.update(fingerprint="0" * 64)
    done = serve(process_environment, "--web")
    assert done.returncode != 0
    assert "FIELD_KEYS or INDEX_KEY are not the ones" in done.stderr
