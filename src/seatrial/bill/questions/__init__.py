"""What a payer asks: variants side by side, curves, shapes for a load, machines, the cost of a unit."""
