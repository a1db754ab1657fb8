"""Floor 4: group robots and other systems that are told: whose they are, what they hear, how each is spoken to."""
