"""One project built: its files read together, the generator run, the security policy."""
