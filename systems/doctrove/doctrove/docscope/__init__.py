"""DocScope: the map of DocTrove in a browser."""
