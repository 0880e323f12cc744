"""客户: who bought, in tiers, and one person alone, in a window of its own."""
