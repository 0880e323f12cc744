"""What a person is told besides the rules: platform limits, words, thresholds. Advice refuses nothing."""
