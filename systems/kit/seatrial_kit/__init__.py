"""What the systems built on Seatrial share."""
