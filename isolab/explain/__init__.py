"""What the standards say of headers and flows, for a person and without a browser."""
