"""From raw rows to clean tables: every row is kept, merged or rejected with a reason."""
