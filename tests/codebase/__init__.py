"""What holds for the repository as a whole: layers, documents, packaging."""
