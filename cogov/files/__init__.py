"""Floor 2: pictures: checked, stripped of what they know, stored, served safely."""
