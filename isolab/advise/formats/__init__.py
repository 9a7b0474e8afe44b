"""Headers of pages as the configuration of a server: one module a server, each a function from pages to text."""
