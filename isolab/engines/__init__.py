"""What an engine is, where to find it, and the drivers."""
