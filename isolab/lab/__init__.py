"""The server that plays every host, and the record of what was seen there."""
