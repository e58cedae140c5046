"""What programs ask over HTTP, and phones where sockets are blocked."""
