"""Library code every app stands on: no tables, imports no app, one subject a module."""
