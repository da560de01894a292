"""Paper: official documents as PDF in the form of GB/T 9704-2012, charts and QR codes as SVG.

    from jinchuan.printing import Attachment, PrintError, render_now, render_pdf
    from jinchuan.printing.charts import bars, grouped_bars, line
    from jinchuan.printing.qr import qr_svg

`python -m jinchuan.printing.fonts` prepares the typefaces once.
"""

from jinchuan.printing import charts
from jinchuan.printing.qr import qr_svg
from jinchuan.printing.rendering import Attachment, PrintError, Rendering, render_now, render_pdf

__all__ = ["Attachment", "PrintError", "Rendering", "charts", "qr_svg", "render_now", "render_pdf"]
