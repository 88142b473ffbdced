"""Help: who runs this installation, and where people can turn."""
