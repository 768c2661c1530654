"""The mistakes people make, caught before Azure does."""
