"""Reading documents into the store: sources yield records, the loader merges them batch by batch."""
