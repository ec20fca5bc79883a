"""Pages of directories: experience of visible mediators."""
