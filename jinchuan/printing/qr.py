"""QR codes as plain SVG: black on white, quiet zone included, no style attribute and no script."""

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET = 4  # modules of white around the code, as ISO/IEC 18004 asks


def qr_svg(text: str, *, size: int = 96, label: str = "二维码") -> SafeString:
    """`text` as a QR code of `size` pt, error correction M; `label` is what a screen reader says."""
    code = segno.make(text, error="m", micro=False)
    runs = []
    for y, row in enumerate(code.matrix):
        x = 0
        while x < len(row):
            length = 1
            while x + length < len(row) and row[x + length] == row[x]:
                length += 1
            if row[x]:
                runs.append(f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z")
            x += length
    side = len(code.matrix) + 2 * QUIET
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" width="{1}pt" height="{1}pt" role="img"'
        ' shape-rendering="crispEdges"><title>{2}</title><rect width="{0}" height="{0}" fill="#fff"/>'
        '<path d="{3}" fill="#000"/></svg>',
        side,
        size,
        label,
        "".join(runs),
    )
