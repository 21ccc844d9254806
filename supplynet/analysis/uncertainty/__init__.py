"""How sure an answer is: figures drawn from what a graph says of them, and what follows."""
