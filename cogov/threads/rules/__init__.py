"""What may be said on a dossier, and by whom."""
