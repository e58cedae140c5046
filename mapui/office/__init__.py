"""The office: units with their posts and coverage, for the desks and those who lead a grid."""
