"""The one place where what the program knows becomes a sentence, in the reader's language."""
