"""Who is told of an entry and why: the people of the dossier, those whose duty it has become, those who live there."""
