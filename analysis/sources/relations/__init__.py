"""Published data on relationships between states: one module per format, nothing judged."""
