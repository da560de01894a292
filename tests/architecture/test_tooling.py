"""The files around the program agree with each other and with it."""

import configparser
import re
import subprocess
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.conf import settings

from jinchuan.celery import SCHEDULE, app
from jinchuan.settings import env

ROOT = settings.ROOT
APPS = ["organizations", "cases", "donations", "volunteers", "reports"]
HOSTS = re.compile(
    r"pypi\.org|pythonhosted|npmjs|registry\.npm|registry-1|deb\.debian|docker\.io|ghcr\.io", re.IGNORECASE
)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/")


def tracked(*patterns):
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def text_of(path):
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_ci_runs_the_command_that_everybody_runs():
    commands = [
        line for line in (ROOT / ".ci/run").read_text().splitlines() if line and not line.startswith("#")
    ]
    assert commands[-1] == "exec make test"
    assert len(commands) == 2


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_package_has_hashes_and_no_address(name):
    lock = (ROOT / name).read_text()
    packages = re.split(r"\n(?=\S)", lock.strip())
    assert len(packages) > 30
    for package in packages:
        assert re.match(r"[\w.-]+==[\w.]+", package), package
        assert "--hash=sha256:" in package, package
    assert "://" not in lock


def test_both_locks_agree():
    def pins(name):
        return dict(re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / name).read_text(), re.MULTILINE))

    run, development = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name: development[name] for name in run.keys() & development.keys()} == {
        name: run[name] for name in run.keys() & development.keys()
    }


@pytest.mark.parametrize("package", ["django==5.2.19", "weasyprint==70.0", "async-timeout=="])
def test_the_lock_holds_what_the_house_stands_on(package):
    """async-timeout is what Debian's 3.11.2 needs and a newer 3.11 does not: a lock without it fails there."""
    assert f"\n{package}" in "\n" + (ROOT / "requirements.txt").read_text()


def test_every_variable_of_ours_is_explained_in_the_example():
    example = (ROOT / ".env.example").read_text()
    # What only a developer or a script sets.
    own = {"JINCHUAN_CACHE", "JINCHUAN_DATA", "JINCHUAN_DEBUG", "JINCHUAN_SQLITE_SYNCHRONOUS"}
    assert own <= env.KNOWN
    for name in env.KNOWN - own:
        assert re.search(rf"^#?{name}=", example, re.MULTILINE), name
    for name in re.findall(rf"^#?({env.PREFIX}\w+)=", example, re.MULTILINE):
        assert name in env.KNOWN


def test_every_variable_that_the_settings_read_is_in_the_example():
    example = (ROOT / ".env.example").read_text()
    names = set()
    for path in tracked("jinchuan/settings/*.py"):
        names |= set(
            re.findall(
                r"env\.(?:text|secret|flag|number|choice|words|database|redis)\(\s*\"(\w+)\"", text_of(path)
            )
        )
    unexplained = {name for name in names - env.KNOWN if not re.search(rf"^#?{name}=", example, re.MULTILINE)}
    assert unexplained <= {"DATABASE_STATEMENT_TIMEOUT"}


def test_no_address_of_a_registry_and_no_path_of_a_machine_is_committed():
    found = []
    for path in tracked():
        if path == Path(__file__):
            continue
        for number, line in enumerate(text_of(path).splitlines(), 1):
            if HOSTS.search(line) or MACHINE_PATHS.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert not found


def test_nothing_unfinished_is_committed():
    mark = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked("*.py", "*.html", "*.css", "*.js", "*.sh")
        if path != Path(__file__)
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if mark.search(line)
    ]
    assert not found


INLINE = {
    "a script between tags": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", re.IGNORECASE
    ),
    "a style between tags": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[^>{]+\sstyle=", re.IGNORECASE),
    "a handler": re.compile(r"<[^>{]+\son\w+=", re.IGNORECASE),
    "an address elsewhere": re.compile(r"\b(?:src|href|action)=[\"'](?:https?:)?//", re.IGNORECASE),
}


@pytest.mark.parametrize("what", INLINE)
def test_pages_hold_nothing_that_the_policy_refuses(what):
    """Printed documents (templates/print) never reach a browser and carry their style with them."""
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked("templates/*.html")
        if not path.is_relative_to(ROOT / "templates" / "print")
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if INLINE[what].search(line)
    ]
    assert not found


def test_words_that_no_page_shows():
    words = re.compile("非法|无效|抱歉|系统异常|该字段")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked("templates/*.html", *(f"{app}/*.py" for app in [*APPS, "jinchuan"]))
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if words.search(line) and not line.lstrip().startswith("#")
    ]
    assert not found


def test_every_module_stays_readable():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked("*.py")
        if "migrations" not in path.parts
        and (lines := len(text_of(path).splitlines())) > 450
        and not path.is_relative_to(ROOT / "tests")
    }
    assert not long


def test_no_module_is_called_after_nothing():
    assert not [path for path in tracked("*.py") if path.stem in {"utils", "helpers", "misc", "common"}]


def test_every_app_of_ours_has_a_chinese_name():
    """The admin's index shows it."""
    ours = [config for config in apps.get_app_configs() if (ROOT / config.name.replace(".", "/")).is_dir()]
    assert len(ours) > len(APPS)
    for config in ours:
        if list(config.get_models()):
            assert re.search("[一-鿿]", str(config.verbose_name)), config.label


def test_every_scheduled_task_exists():
    for name in apps.app_configs.values():
        if Path(name.path, "tasks.py").exists() or Path(name.path, "tasks").is_dir():
            import_module(f"{name.name}.tasks")
    assert set(SCHEDULE) <= set(app.tasks)


def test_make_offers_what_its_help_says():
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"'make (\w+) ", makefile)) == targets - {"help", "install-test"}
    phony = set(re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split())
    assert phony == targets


def test_scripts_are_posix_sh():
    for path in tracked("tools/*.sh"):
        assert path.read_text().splitlines()[0] in {
            "#!/bin/sh",
            "# Sourced by the other scripts: they run in the project's folder, and keep what they download outside it.",
        }
        subprocess.run(["sh", "-n", path], check=True)


def test_every_app_stands_under_the_import_contracts():
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    layers = contracts["importlinter:contract:house"]["layers"]
    for package in [
        *APPS,
        "jinchuan.shared",
        "jinchuan.audit",
        "jinchuan.intake",
        "jinchuan.sheets",
        "jinchuan.printing",
    ]:
        assert package in layers


def test_compose_has_the_five_services():
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    assert list(compose["services"]) == ["db", "redis", "web", "worker", "beat"]
    for name in ("web", "worker", "beat"):
        assert compose["services"][name]["env_file"] == ".env"
        assert compose["services"][name]["restart"] == "unless-stopped"


def test_the_image_is_made_of_files_that_exist():
    dockerfile = (ROOT / "Dockerfile").read_text()
    copied = re.findall(r"^COPY (.+) \S+$", dockerfile, re.MULTILINE)
    assert copied
    for source in " ".join(copied).split():
        assert (ROOT / source).exists(), source
    assert "sh tools/install.sh run" in dockerfile
