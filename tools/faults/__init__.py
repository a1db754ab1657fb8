"""`make faults`: whether acknowledged acts survive kills, power cuts, full disks, lost servers and slow clients."""
