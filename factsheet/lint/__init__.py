"""Pages and texts checked: figures typed by hand, calls and links that name nothing."""
