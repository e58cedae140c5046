"""Where a case is rated by a signed link, without an account (回访)."""
