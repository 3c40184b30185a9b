"""Pictures of a run: the beans with the line, the bowl with the ball, the loss over the steps."""
