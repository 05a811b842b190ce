"""What a briefing shows: its evidence, selections of it, sentences, figures and tables; only the loading reads."""
