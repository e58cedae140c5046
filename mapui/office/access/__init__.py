"""Who has read personal data, for auditors; and names and numbers in clear, for a reason."""
