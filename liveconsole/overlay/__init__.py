"""The page that OBS shows."""
