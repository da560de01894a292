"""What stays as it is, whoever asks: admin, shell or raw SQL."""

from . import certificates, records

GUARDS = [*certificates.GUARDS, *records.GUARDS]
