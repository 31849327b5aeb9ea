"""Where scenarios run: target files and bare clients."""
