"""Forms: the shape of fields and the words at them."""
