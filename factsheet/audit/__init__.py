"""Finished outputs read back and compared with ``facts.json``; shares only ``errors``."""
