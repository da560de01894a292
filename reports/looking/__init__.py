"""What leaders and organisations look at on screen: cards, lines, and the rows behind every figure."""
