"""The register's pages: households, who lives in them, their needs and visits."""
