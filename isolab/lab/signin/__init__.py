"""The lab's sign-in provider: OAuth 2.0 and OpenID Connect for real, one module for each thing that it is asked."""
