"""Charts: the data each one shows, its specification, layout and drawing."""
