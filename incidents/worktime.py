"""Time that counts: from moments and minutes to deadlines, by hours of duty. Knows no Django."""
