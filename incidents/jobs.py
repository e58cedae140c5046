"""What is timed, as jobs in PostgreSQL (procrastinate)."""
