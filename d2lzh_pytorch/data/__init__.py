"""The data of the course: catalogue, download, look-up and loaders."""
