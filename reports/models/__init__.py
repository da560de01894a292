"""The tables of the reports app, by subject."""

from .editions import EditionTransition, ReportEdition, pdf_path

__all__ = ["EditionTransition", "ReportEdition", "pdf_path"]
