"""The BB district of the essay, made from one seed and exact to its figures."""
