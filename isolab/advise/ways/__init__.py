"""What would help where no headers do: the scenario rebuilt another way, so that this too is measured."""
