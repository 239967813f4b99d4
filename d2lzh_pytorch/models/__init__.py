"""The nets of the course."""
