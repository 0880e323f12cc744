"""What the desk says of promotions, goods and refusals, the same in every place."""
