"""Prepare the typefaces for paper: `python -m jinchuan.printing.fonts [--cache DIR]`. Needs no settings.

Takes seven files out of three Debian packages (fetched with apt-get download, as any user), and gives every face
the same ascent and descent (else a line with a rare name would be taller and the 22-line grid would break), the
right weight, a private family name, and no private-use characters. A finished set is left alone; a set appears
under its name only when it is complete, so an interrupted run does no harm. Takes about half a minute, once. Glyphs stay untouched: only
tables of names, metrics and characters are rewritten, because rebuilding outlines takes minutes.
"""

import argparse
import contextlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from jinchuan.printing.faces import FACES, PRIVATE, cache, directory, own_file

ASCENT, DESCENT = 0.88, 0.12  # of the em, for every face
CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir prefix="relative">.</dir>
  <cachedir>{directory}/index</cachedir>
</fontconfig>
"""


class FontError(Exception):
    """The faces cannot be prepared; the message says why and what to do."""


def _say(line, to=None):
    to = to or sys.stdout
    to.write(line + "\n")
    to.flush()


def prepare(root, say=_say):
    """Make sure the faces of the present recipe lie under `root`; return their directory."""
    target = directory(root)
    if (target / "fonts.conf").is_file():
        say(f"fonts: ready in {target}")
        return target
    root = Path(root)
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fonts-", dir=root) as work:
        work = Path(work)
        sources, made = work / "sources", work / "made"
        made.mkdir()
        _fetch(sources, say)
        for face in FACES:
            source = own_file(face) or (sources / face.member if face.package else None)
            if source:
                started = time.monotonic()
                size = _repair(face, source, made)
                say(f"fonts: {face.name} {size / 1e6:.1f} MB in {time.monotonic() - started:.1f} s")
        (made / "fonts.conf").write_text(CONFIGURATION.format(directory=target.absolute()), encoding="utf-8")
        made.chmod(0o755)
        try:
            made.rename(target)
        except OSError:  # another process was faster; its set is the same
            if not (target / "fonts.conf").is_file():
                raise
    say(f"fonts: ready in {target}")
    return target


def _fetch(sources, say):
    """Unpack the needed members of the needed packages below `sources`."""
    wanted = {}
    for face in FACES:
        if face.package and not own_file(face):
            wanted.setdefault(face.package, []).append("./" + face.member)
    sources.mkdir()
    for number, (package, members) in enumerate(wanted.items(), 1):
        say(f"fonts: fetching {package} ({number} of {len(wanted)})")
        _run(
            [
                "apt-get",
                "-q",
                "-o",
                "APT::Sandbox::User=root",
                "-o",
                "Acquire::Retries=3",
                "download",
                package,
            ],
            sources,
        )
        archive = next(sources.glob(f"{package}_*.deb"))
        say(f"fonts: unpacking {package}")
        _run(
            [
                "sh",
                "-c",
                'dpkg-deb --fsys-tarfile "$1" | (shift; exec tar -x -f - "$@")',
                "sh",
                archive.name,
                *members,
            ],
            sources,
        )
        archive.unlink()


def _run(command, folder):
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise FontError(
            f"{error.filename} is missing: fonts are prepared on Debian or in a Debian container."
        ) from error
    if done.returncode:
        hint = "Is the list of packages there? Run apt-get update as root and try again."
        raise FontError(f"{' '.join(command[:1] + command[-1:])} failed.\n{done.stderr.strip()}\n{hint}")


def _repair(face, source, made):
    """Write one prepared face into `made` and return its size in bytes."""
    from fontTools.ttLib import TTCollection, TTFont

    with contextlib.ExitStack() as opened:
        if face.collection_family and source.suffix == ".ttc":
            fonts = opened.enter_context(TTCollection(source, lazy=True)).fonts
            font = next(font for font in fonts if font["name"].getDebugName(1) == face.collection_family)
        else:
            font = opened.enter_context(TTFont(source, lazy=True))
        font.recalcTimestamp = font.recalcBBoxes = False  # same input, same bytes; and outlines are not read
        drop = {code for part in (*face.drop, *PRIVATE) for code in part}
        for table in font["cmap"].tables:
            if table.format != 14:
                for code in drop.intersection(table.cmap):
                    del table.cmap[code]
        _set_metrics(font, face)
        _set_names(font, face)
        path = made / f"{face.name}.{'otf' if 'CFF ' in font else 'ttf'}"
        font.save(path)
        path.chmod(0o644)
        return path.stat().st_size


def _set_metrics(font, face):
    em, lines, system = font["head"].unitsPerEm, font["hhea"], font["OS/2"]
    ascent, descent, bold = round(ASCENT * em), round(DESCENT * em), face.weight >= 700
    lines.ascent, lines.descent, lines.lineGap = ascent, -descent, 0
    system.sTypoAscender, system.sTypoDescender, system.sTypoLineGap = ascent, -descent, 0
    system.usWinAscent, system.usWinDescent = ascent, descent
    system.usWeightClass = face.weight
    system.fsSelection = system.fsSelection & ~0b1100001 | (0b100000 if bold else 0b1000000)
    font["head"].macStyle = int(bold)


def _set_names(font, face):
    names = font["name"]
    names.names = [
        record for record in names.names if record.nameID in (0, 13, 14) and record.platformID == 3
    ]
    given = {1: face.family, 2: face.style, 3: face.name, 4: f"{face.family} {face.style}", 6: face.name}
    for number, text in given.items():
        names.setName(text, number, 3, 1, 0x409)


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="python -m jinchuan.printing.fonts", description="Prepare the typefaces for paper."
    )
    parser.add_argument(
        "--cache", type=Path, default=cache(), help="where prepared things are kept (default: %(default)s)"
    )
    options = parser.parse_args(arguments)
    try:
        prepare(options.cache)
    except (FontError, OSError) as error:
        _say(f"fonts: {error}", to=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
