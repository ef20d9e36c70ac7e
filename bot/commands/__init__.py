"""One file a command of `tsunagu`."""
