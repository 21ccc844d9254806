"""What a question, an answer and its rows are; knows no question, network or solver."""
