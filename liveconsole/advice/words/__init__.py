"""Words checked before they leave: absolute terms of the advertising law, and what belongs in no room."""
