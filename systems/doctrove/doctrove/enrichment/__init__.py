"""Enrichment: from documents to vectors, and from vectors to a map that people can read."""
