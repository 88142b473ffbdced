"""Where a person's notifications go: the devices on which they turned them on."""
