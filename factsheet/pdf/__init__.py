"""The PDFs: pages as a tree, typesetting, postprocessing."""
