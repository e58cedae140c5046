"""The planner's screens: plans of boundaries to come, drawn on a map."""
