"""HTTPS where no authority knows the machine: its own certificates, and how telephones come to trust them."""
