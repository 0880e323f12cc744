"""Folds that people look at; no Qt, shared by every seat."""
