"""The dossier of a problem: one address, one timeline, one subject a tab."""
