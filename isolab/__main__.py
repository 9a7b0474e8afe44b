"""`python -m isolab` is the command `isolab`."""

from isolab.cli import main

if __name__ == "__main__":
    main()
