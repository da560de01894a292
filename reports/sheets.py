"""The register of good stories as a sheet. Nothing comes in that way but drafts."""

REGISTERS = ()
