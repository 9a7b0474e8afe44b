"""isolab tells web teams whether browser isolation gives them what they want and breaks nothing."""

__version__ = "0.1.0"
