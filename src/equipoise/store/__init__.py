"""The library folder: documents, versions, index and columns, published edition by edition."""
