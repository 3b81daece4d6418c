"""The pages: chapters read, macros, addresses and uses, templates."""
