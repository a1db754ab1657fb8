"""Floor 8: meetings in a room and online: notice, agenda, who is there, the speaking queue, hands, minutes."""
