"""The live path on the roof: hints, the hub that turns the feed into frames, the intake of reports."""
