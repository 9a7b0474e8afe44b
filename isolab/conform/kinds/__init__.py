"""The kinds of rows: each module reads its kinds' settings into the terms of the rules, and rules on them."""
