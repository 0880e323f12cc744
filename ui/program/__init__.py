"""The desk as a program: starting, joining an engine, leaving in order."""
