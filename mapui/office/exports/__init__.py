"""Lists of the register as files, by right: masked unless granted, marked, on record."""
