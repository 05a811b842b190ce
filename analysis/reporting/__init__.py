"""From checked parameters to a published report: execute, export, publish."""
