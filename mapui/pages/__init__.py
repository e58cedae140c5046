"""Pages that belong to no single face: the home page and the pages of errors."""
