"""targetwatch: the truth about announced targets, as of any moment."""

__version__ = "0.1.0"
