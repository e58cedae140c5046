"""The websockets: who is let in, what is understood, what is answered."""
