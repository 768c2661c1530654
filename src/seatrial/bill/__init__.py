"""What a month costs, line by line, before anything is deployed."""
