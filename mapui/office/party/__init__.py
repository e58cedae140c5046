"""Pages of the party register: for the office of the subtree, and for nobody else."""
