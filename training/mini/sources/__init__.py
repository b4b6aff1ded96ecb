"""Where do texts come from? Each module reads one kind of place that every machine can reach."""
