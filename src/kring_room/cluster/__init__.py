"""Many nodes: who they are, what they tell each other, and one clock for all."""
