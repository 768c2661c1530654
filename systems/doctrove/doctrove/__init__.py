"""DocTrove: a map of millions of documents."""
