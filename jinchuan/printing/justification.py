"""Chinese lines that end at the right edge: a small addition to WeasyPrint 70.0.

WeasyPrint justifies by stretching spaces only, and Chinese text has none, so its right edge stays ragged. Here the
rest of a line is spread evenly over the sides of its Chinese characters (and its spaces), as a typesetter does.
It reaches into private functions, so it knows one version: on another it leaves WeasyPrint alone and says so.
"""

import logging
import re

logger = logging.getLogger(__name__)

VERSION = "70.0"
LIMIT = 0.35  # of the type size: a gap is never stretched by more, a short line stays short

_RANGES = (
    " \u00a0"  # spaces stretch as well
    "\u2014\u2018-\u201d\u2026\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
    "\U00020000-\U0003ffff"
)
_STRETCHY = re.compile(f"[{_RANGES}]")
_RUN = re.compile(f"[{_RANGES}]+")


def install():
    """Teach WeasyPrint to justify Chinese; return whether this version can be taught."""
    import weasyprint

    if weasyprint.__version__ != VERSION:
        logger.warning(
            "No Chinese justification: made for WeasyPrint %s, found %s", VERSION, weasyprint.__version__
        )
        return False
    from weasyprint.layout import inline
    from weasyprint.text import line_break

    if inline.justify_line is not _justify_line:
        inline.justify_line = _justify_line
        plain = line_break.Layout.set_text
        line_break.Layout.set_text = lambda self, text, justify=False: _set_text(plain, self, text, justify)
    return True


def _justify_line(context, line, rest):
    """Spread `rest` (px) over the line. Every stretchy character takes half a share on each of its two sides;
    the outer sides of the line take none."""
    texts = [box for box in _texts(line) if box.text.rstrip(" ")]
    if not texts:
        return
    shares = sum(len(_STRETCHY.findall(box.text)) for box in texts) - sum(_outer(texts)) / 2
    if shares <= 0:
        return
    share = rest / shares
    if share <= LIMIT * line.style["font_size"]:
        _move(context, line, share, 0, texts[0], texts[-1])


def _outer(texts):
    """Do the first and the last character of the line stretch?"""
    return bool(_STRETCHY.match(texts[0].text[0])), bool(_STRETCHY.match(texts[-1].text[-1]))


def _texts(box):
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.TextBox):
        yield box
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        for child in box.children:
            if child.is_in_normal_flow():
                yield from _texts(child)


def _move(context, box, share, moved, first, last):
    """Widen `box` by its part of the rest and push it right by `moved`; return the push for what follows."""
    from weasyprint.formatting_structure import boxes
    from weasyprint.text.line_break import create_layout

    if isinstance(box, boxes.TextBox):
        count = len(_STRETCHY.findall(box.text))
        if not count:
            box.position_x += moved
            return moved
        # Pango leaves out the outer halves of every piece of text; those inside the line are given back by position.
        left = share / 2 if _STRETCHY.match(box.text[0]) else 0
        right = share / 2 if _STRETCHY.match(box.text[-1]) else 0
        box.position_x += moved + (0 if box is first else left)
        widened = share * count - left - right
        layout = create_layout(box.text, box.style, context, max_width=None, justification_spacing=share)
        layout.deactivate()
        box.pango_layout, box.justification_spacing = layout, share
        box.width += widened
        return moved + widened + (0 if box is first else left) + (0 if box is last else right)
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        box.position_x += moved
        start = moved
        for child in box.children:
            if child.is_in_normal_flow():
                moved = _move(context, child, share, moved, first, last)
        box.width += moved - start
        return moved
    box.translate(moved, 0)
    return moved


def _set_text(plain, layout, text, justify):
    """`Layout.set_text`, with the share of the line as letter spacing of the stretchy runs."""
    share = layout.justification_spacing
    if not (justify and share):
        plain(layout, text, justify)
        return
    from weasyprint.text.ffi import TO_UNITS, ffi, pango

    layout.justification_spacing = 0
    try:
        plain(layout, text, justify)
    finally:
        layout.justification_spacing = share
    own = layout.style["letter_spacing"]
    spacing = int(((0 if own == "normal" else own) + share) * TO_UNITS)
    attributes = pango.pango_layout_get_attributes(layout.layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    for run in _RUN.finditer(layout.text):
        attribute = pango.pango_attr_letter_spacing_new(spacing)
        attribute.start_index = len(layout.text[: run.start()].encode())
        attribute.end_index = attribute.start_index + len(run.group().encode())
        pango.pango_attr_list_change(attributes, attribute)
    pango.pango_layout_set_attributes(layout.layout, attributes)
