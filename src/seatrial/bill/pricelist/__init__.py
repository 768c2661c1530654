"""From Azure's price list to the book: its client, the names of meters, the files of the book."""
