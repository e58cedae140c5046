"""Where residents report without an account, and follow what becomes of it by a private link."""
