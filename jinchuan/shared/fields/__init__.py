"""Fields for people who type Chinese: ``fields.model`` for tables, ``fields.form`` for pages and sheets."""
