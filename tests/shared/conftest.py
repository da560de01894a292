"""Examples may take their time: the machine is shared, and the first look-up of pinyin loads a dictionary."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
