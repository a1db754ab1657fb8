"""Floor 10: what the community does itself: claims, work, verification."""
