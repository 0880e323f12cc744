"""The pictures of docs/images, taken of the program itself: ``python -m tests.shots [FOLDER]``."""
