"""How the rows of each kind are played: each module makes scenes of what its kinds' settings say."""
