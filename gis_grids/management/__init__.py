"""What `manage.py` can do for the ground floor."""
