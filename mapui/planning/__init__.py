"""Plans as they are shown and asked for: what pages, sockets and HTTP have in common."""
