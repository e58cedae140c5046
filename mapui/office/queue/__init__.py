"""The queue of a phone that could not send it, exported there as a file and imported here."""
