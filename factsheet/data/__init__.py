"""The data file: its model, its text with lines, loading, and what each text means."""
