"""The prepared "GW" typefaces: what they are made of, where they lie, which characters they hold.

Paper is set in these faces only, never in a font of the host, so the same facts print the same bytes everywhere.
`fonts.py` prepares them. A bureau that owns the licensed faces (方正小标宋, 仿宋_GB2312 …) puts them as
`GWFangSong-Regular.ttf` and so on into the directory named by JINCHUAN_FONTS; the style sheets do not change.
"""

import functools
import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

RECIPE = 1  # raise it when `fonts.py` treats a file differently

ASCII = range(0x21, 0x7F)
PUNCTUATION = (range(0x2010, 0x2028), range(0xFF01, 0xFF40))
PRIVATE = (
    range(0xE000, 0xF900),
    range(0xF0000, 0x110000),
)  # old private codes for rare names: never guess a glyph

FANDOL = "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/"
WENKAI = "usr/share/fonts/truetype/lxgw-wenkai/"
NOTO = "usr/share/fonts/opentype/noto/"


@dataclass(frozen=True)
class Face:
    """One prepared face. `package` and `member` say which file of which Debian package it is made from.

    `drop` are character ranges taken out so that the next family of the style sheet draws them: the digits and
    quotation marks of 仿宋 come from 宋体. A face without a package exists only where the bureau supplies it.
    """

    family: str
    style: str
    package: str = ""
    member: str = ""
    collection_family: str = ""
    drop: tuple[range, ...] = field(default=())

    @property
    def name(self):
        return f"{self.family.replace(' ', '')}-{self.style}"

    @property
    def weight(self):
        return 700 if self.style == "Bold" else 400


FACES = (
    Face(
        "GW FangSong",
        "Regular",
        "texlive-lang-chinese",
        FANDOL + "FandolFang-Regular.otf",
        "",
        (ASCII, *PUNCTUATION),
    ),
    Face("GW Song", "Regular", "texlive-lang-chinese", FANDOL + "FandolSong-Regular.otf"),
    Face("GW Song", "Bold", "texlive-lang-chinese", FANDOL + "FandolSong-Bold.otf"),
    Face("GW Hei", "Regular", "texlive-lang-chinese", FANDOL + "FandolHei-Regular.otf"),
    Face("GW Kai", "Regular", "texlive-lang-chinese", FANDOL + "FandolKai-Regular.otf", "", (ASCII,)),
    Face(
        "GW Names", "Regular", "fonts-lxgw-wenkai", WENKAI + "LXGWWenKai-Light.ttf", "", (ASCII, *PUNCTUATION)
    ),
    Face("GW Serif", "Regular", "fonts-noto-cjk", NOTO + "NotoSerifCJK-Regular.ttc", "Noto Serif CJK SC"),
    Face("GW Last", "Regular", "", "", "", (ASCII, *PUNCTUATION)),
)


def cache():
    """The directory for things downloaded or prepared once, outside the clone."""
    if chosen := os.environ.get("JINCHUAN_CACHE"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jinchuan"


def own_file(face):
    """The bureau's own file for this face, or None."""
    chosen = os.environ.get("JINCHUAN_FONTS")
    if not chosen:
        return None
    found = [Path(chosen) / f"{face.name}{ending}" for ending in (".ttf", ".otf")]
    return next((path for path in found if path.is_file()), None)


def stamp():
    """Short hash of the recipe and of the bureau's own files: another stamp, another directory."""
    digest = hashlib.sha256(repr((RECIPE, FACES)).encode())
    for face in FACES:
        if own := own_file(face):
            digest.update(face.name.encode() + hashlib.sha256(own.read_bytes()).digest())
    return digest.hexdigest()[:12]


def directory(root=None):
    """Where the faces of the present recipe lie; it exists only when they are all prepared."""
    return Path(root or cache()) / f"fonts-{stamp()}"


@functools.cache
def prepared():
    """`directory()` for this process; the bureau's own files do not change under a running worker."""
    return directory()


@functools.cache
def characters(name):
    """The code points of one prepared face, e.g. `GWFangSong-Regular`."""
    from fontTools.ttLib import TTFont

    path = next(prepared().glob(f"{name}.*"))
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


def is_rare(text):
    """True when 仿宋 lacks a character of `text`: then the whole name is set in the face for rare names."""
    fang, song = characters("GWFangSong-Regular"), characters("GWSong-Regular")
    return any(ord(character) not in fang and ord(character) not in song for character in text)
