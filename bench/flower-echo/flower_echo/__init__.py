"""An app whose clients answer at once, with nothing."""
