"""Tools for editors: new entries, one figure shown, layout, quotations, the schema."""
