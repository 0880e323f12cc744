"""The guide of docs/guide: its pictures, its one file a language, and who follows its first evening."""
