"""The prepared faces: metrics, names, characters; a finished set is left alone."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.template import Context, Template
from fontTools.ttLib import TTFont

from jinchuan.printing import faces, fonts
from tests.printing import sample

MADE = [face for face in faces.FACES if face.package]


@pytest.mark.parametrize("face", MADE, ids=lambda face: face.name)
def test_face_has_the_common_metrics_and_its_own_name(face):
    with TTFont(next(faces.prepared().glob(f"{face.name}.*")), lazy=True) as font:
        em, system = font["head"].unitsPerEm, font["OS/2"]
        assert (font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap) == (
            round(0.88 * em),
            -round(0.12 * em),
            0,
        )
        assert (system.usWinAscent, system.usWinDescent) == (round(0.88 * em), round(0.12 * em))
        assert system.usWeightClass == face.weight
        assert font["name"].getDebugName(1) == face.family


@pytest.mark.parametrize("face", MADE, ids=lambda face: face.name)
def test_face_holds_no_private_characters(face):
    assert not [code for code in faces.characters(face.name) if any(code in part for part in faces.PRIVATE)]


def test_digits_and_quotes_come_from_song():
    for character in "0A“”（）—":
        assert ord(character) not in faces.characters("GWFangSong-Regular")
        assert ord(character) in faces.characters("GWSong-Regular")


def test_rare_names_are_covered():
    held = faces.characters("GWNames-Regular") | faces.characters("GWSerif-Regular")
    for name in sample.RARE_NAMES:
        assert all(ord(character) in held for character in name.replace("·", ""))


@pytest.mark.parametrize(
    ("name", "html"),
    [
        ("王小明", '<span class="person">王小明</span>'),
        ("陶镕基", '<span class="person rare">陶镕基</span>'),
        ("阿依古丽·买买提", '<span class="person">阿依古丽·买买提</span>'),
        ("<b>", '<span class="person">&lt;b&gt;</span>'),
    ],
)
def test_whole_name_is_set_in_one_face(name, html):
    assert Template("{% load printing %}{% person name %}").render(Context({"name": name})) == html


def test_finished_set_is_left_alone(capsys):
    before = {path.name: path.stat().st_mtime_ns for path in faces.directory().iterdir()}
    assert fonts.main([]) == 0
    assert capsys.readouterr().out == f"fonts: ready in {faces.directory()}\n"
    assert {path.name: path.stat().st_mtime_ns for path in faces.directory().iterdir()} == before


def test_command_runs_without_settings():
    environment = {"PATH": "/usr/bin:/bin", "JINCHUAN_CACHE": str(faces.cache())}
    done = subprocess.run(
        [sys.executable, "-m", "jinchuan.printing.fonts"],
        cwd=settings.ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_own_face_makes_another_set(monkeypatch, tmp_path):
    """A bureau's licensed file goes through the same repair under the same name."""
    source = next(faces.directory().glob("GWKai-Regular.*"))
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "GWFangSong-Regular.otf").write_bytes(source.read_bytes())
    before = faces.stamp()
    monkeypatch.setenv("JINCHUAN_FONTS", str(tmp_path / "own"))
    assert faces.stamp() != before
    face = faces.FACES[0]
    fonts._repair(face, faces.own_file(face), tmp_path)
    with TTFont(tmp_path / "GWFangSong-Regular.otf", lazy=True) as font:
        assert font["name"].getDebugName(1) == "GW FangSong"


def test_unwritable_cache_is_an_error_in_one_line(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert fonts.main(["--cache", str(tmp_path / "file" / "below")]) == 1
    assert capsys.readouterr().err.startswith("fonts: ")


def test_failed_command_says_what_to_do(tmp_path):
    with pytest.raises(fonts.FontError, match="apt-get update"):
        fonts._run(["sh", "-c", "echo no such package >&2; exit 100"], tmp_path)
    with pytest.raises(fonts.FontError, match="Debian"):
        fonts._run(["no-such-command-here"], tmp_path)
    assert list(tmp_path.iterdir()) == []
