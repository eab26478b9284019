"""What ``hiw doctor`` looks at: the machine, what a build takes, and what builds have left."""
