"""How cases are handled: the catalogue, routes, the negative list, message templates, grants."""
