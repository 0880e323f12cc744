"""The words: facts, commands, events and refusals, and their wire form."""
